import type { Schemas } from '@/api/types'

export type Fault = Schemas['Fault']

/** The fault codes of TR-069 A.5.1 that the texts explain. */
export const knownCodes: readonly number[] = Array.from({ length: 33 }, (_, i) => 9000 + i)

/** The faults that Dialtone itself states, as tasks/fault.go names them. */
export const knownReasons: readonly string[] = [
  'outcomeUnknown', 'noEvidence', 'sessionLost', 'sessionLimit', 'invalidResponse', 'predecessorFailed', 'deviceDeleted', 'expired',
  'cancelled', 'tooLarge', 'notSupported', 'diagnosticsFailed', 'internal',
]

/** Reports whether a code is one that vendors define for themselves. */
export function isVendorCode(code: number): boolean {
  return code >= 9800 && code <= 9899
}

/**
 * The part of the text keys task.fault.… that explains a fault: its code, its reason, "vendor" for a code
 * of the phone's maker, or "unknown".
 */
export function faultName(fault: { code: number; reason?: string }): string {
  if (fault.reason && knownReasons.includes(fault.reason)) return fault.reason
  if (knownCodes.includes(fault.code)) return String(fault.code)
  return isVendorCode(fault.code) ? 'vendor' : 'unknown'
}

/** The fault of one parameter; undefined if the fault is not about it. */
export function faultAt(fault: Fault | null | undefined, path: string): Schemas['ParameterFault'] | undefined {
  return fault?.parameters.find((p) => p.path === path)
}
