import type { Schemas } from '@/api/types'

export type NewDevice = Schemas['NewDevice']

/** What the form of a new device has. */
export interface NewDeviceForm {
  mac: string
  oui: string
  productClass: string
  serialNumber: string
  model: string
  group: string
  tags: string[]
  cwmpUsername: string
  cwmpPassword: string
}

export const emptyDevice: NewDeviceForm = { mac: '', oui: '', productClass: '', serialNumber: '', model: '', group: '', tags: [], cwmpUsername: '', cwmpPassword: '' }

/** Reports whether the form says which device it is: by MAC address, or by OUI and serial number. */
export function saysWhich(form: NewDeviceForm): boolean {
  return form.mac.trim() !== '' || (form.oui.trim() !== '' && form.serialNumber.trim() !== '')
}

/** Returns the body of the call; what is empty is left out. A password keeps its spaces. */
export function newDeviceOf({ tags, cwmpPassword, ...texts }: NewDeviceForm): NewDevice {
  const given = Object.entries(texts).map(([name, text]) => [name, text.trim()] as const).filter(([, text]) => text !== '')
  return { ...Object.fromEntries(given), ...(tags.length > 0 && { tags }), ...(cwmpPassword !== '' && { cwmpPassword }) }
}
