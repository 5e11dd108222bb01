import type { Device } from '@/api/types'

/** What to call a device: its model and its serial number, or else what is known of it. */
export function nameOf(device: Pick<Device, 'model' | 'productClass' | 'serialNumber' | 'mac' | 'id'>): string {
  const model = device.model || device.productClass
  return [model, device.serialNumber || device.mac || device.id].filter(Boolean).join(' ')
}

/** What has to be typed to confirm a deed that hurts: the serial number, or else what is known. */
export function wordOf(device: Pick<Device, 'serialNumber' | 'mac' | 'id'>): string {
  return device.serialNumber || device.mac || device.id
}
