import type { Device } from '@/api/types'

/** What people call a device: its serial number or MAC address, or the id that it always has. */
export function nameOf(device: Pick<Device, 'id' | 'serialNumber' | 'mac'>): string {
  return device.serialNumber || device.mac || device.id
}
