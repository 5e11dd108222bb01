import { IconDownload, IconFolderSymlink, IconPencil, IconPower, IconRefresh, IconRestore, IconTag, IconTagOff, type Icon } from '@tabler/icons-react'
import type { Permission } from '@/api/types'

/** What can be done with many devices at once. */
export type BulkAction = 'addTags' | 'removeTags' | 'moveToGroup' | 'refresh' | 'setParameterValues' | 'download' | 'reboot' | 'factoryReset'

interface BulkActionInfo {
  action: BulkAction
  icon: Icon
  permission: Permission
  /** Calls are cut, or devices are lost to us, if it is done by mistake: the number of devices has to be typed. */
  disruptive: boolean
}

export const bulkActions: readonly BulkActionInfo[] = [
  { action: 'addTags', icon: IconTag, permission: 'devices.write', disruptive: false },
  { action: 'removeTags', icon: IconTagOff, permission: 'devices.write', disruptive: false },
  { action: 'moveToGroup', icon: IconFolderSymlink, permission: 'devices.write', disruptive: false },
  { action: 'refresh', icon: IconRefresh, permission: 'tasks.write', disruptive: false },
  { action: 'setParameterValues', icon: IconPencil, permission: 'tasks.write', disruptive: false },
  { action: 'download', icon: IconDownload, permission: 'tasks.write', disruptive: true },
  { action: 'reboot', icon: IconPower, permission: 'tasks.write', disruptive: true },
  { action: 'factoryReset', icon: IconRestore, permission: 'tasks.write', disruptive: true },
]

export function infoOf(action: BulkAction): BulkActionInfo {
  return bulkActions.find((info) => info.action === action)!
}
