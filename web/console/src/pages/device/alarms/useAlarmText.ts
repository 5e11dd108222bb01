import { useTranslation } from 'react-i18next'
import { alarmName } from '@/devices/alarms'

/** What a kind of alarm is called, what it means and what to do. */
export function useAlarmText(kind: string): { name: string; means: string; advice: string } {
  const { t } = useTranslation()
  const known = alarmName(kind)
  return { name: t(`alarm.${known}.name`, { kind }), means: t(`alarm.${known}.means`), advice: t(`alarm.${known}.try`) }
}
