import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { DeviceProvisioning, ProvisioningState } from '@/api/types'

/** The states in the order in which the console lists them: what needs a person last. */
export const provisioningStates = ['converged', 'pending', 'drifted', 'failing', 'none'] as const satisfies readonly ProvisioningState[]

/** The filter that selects the devices in a state. */
export function provisioningFilter(state: ProvisioningState): string {
  return `provisioning = ${state}`
}

/** How many devices stand in which way with their settings. Live updates have it counted anew with the summary of the fleet. */
export const provisioningSummaryQuery = queryOptions({
  queryKey: keys.provisioningSummary,
  queryFn: ({ signal }) => answer(api.GET('/api/v1/provisioning/summary', { signal })),
  staleTime: 10_000,
})

/** How far a phone that was just added has come. */
export type Progress = 'unserved' | 'waiting' | 'asked' | 'holds' | 'failing'

/** Returns how far a phone has come on its way to its settings. */
export function progressOf(p: Pick<DeviceProvisioning, 'state' | 'lastFetch'>): Progress {
  if (p.state === 'converged' || p.state === 'drifted') return 'holds'
  if (p.state === 'failing') return 'failing'
  if (p.state === 'none') return 'unserved'
  return p.lastFetch ? 'asked' : 'waiting'
}
