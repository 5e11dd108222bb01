import type { Device, File } from '@/api/types'
import type { TaskBody } from '@/tasks/api'

/** The file types of TR-069 A.3.2.8; vendors have more of their own. */
export const fileTypes = ['1 Firmware Upgrade Image', '2 Web Content', '3 Vendor Configuration File', '4 Tone File', '5 Ringer File']

/** Reports whether a file says that it is for devices of this kind; one that says nothing fits all. */
export function fits(file: Pick<File, 'oui' | 'productClass'>, device: Pick<Device, 'oui' | 'productClass'>): boolean {
  return (!file.oui || file.oui.toUpperCase() === device.oui.toUpperCase()) && (!file.productClass || file.productClass === device.productClass)
}

interface Details {
  fileType: string
  targetFileName: string
  /** In seconds; a text while it is edited. */
  delaySeconds: number | string
}

/** The task that has the phone fetch a file; what is empty or as the file says is left out. */
export function downloadBody(file: Pick<File, 'name' | 'type'>, details: Details): TaskBody {
  const fileType = details.fileType.trim()
  const delay = Number(details.delaySeconds)
  return {
    kind: 'download', file: file.name,
    ...(fileType && fileType !== file.type ? { fileType } : {}),
    ...(details.targetFileName.trim() ? { targetFileName: details.targetFileName.trim() } : {}),
    ...(delay > 0 ? { delaySeconds: delay } : {}),
  }
}
