import type { DeviceAlarm } from '@/api/types'

const known = ['identityClash', 'repeatedBootstrap', 'credentials', 'transfers', 'parameters'] as const satisfies readonly DeviceAlarm['kind'][]

/** The part of the text keys alarm.… that says what a kind of alarm is; "other" for one that the console does not know. */
export function alarmName(kind: string): (typeof known)[number] | 'other' {
  return known.find((name) => name === kind) ?? 'other'
}
