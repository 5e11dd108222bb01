import type { Device, DeviceState } from '@/api/types'

const minute = 60_000
const assumedInterval = 3600
const lateFor = 60 * minute

/**
 * How a device stands at a moment, by the server's rule: online for two inform intervals and a minute,
 * then late for an hour. A device that falls silent sends nothing, so that a list that was read
 * a while ago has to reckon for itself.
 */
export function stateAt(device: Pick<Device, 'lastInform' | 'informInterval'>, now: number): DeviceState {
  if (!device.lastInform) return 'never'
  const seconds = device.informInterval > 0 ? device.informInterval : assumedInterval
  const until = Date.parse(device.lastInform) + 2 * seconds * 1000 + minute
  if (now <= until) return 'online'
  return now < until + lateFor ? 'late' : 'offline'
}

/** The states in the order in which the console lists them. */
export const deviceStates = ['online', 'late', 'offline', 'never'] as const

/** The filter that selects the devices in a state. */
export const stateFilters: Record<DeviceState, string> = { online: 'online', late: 'late', offline: 'offline', never: 'neverSeen' }
