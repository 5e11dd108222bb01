import { useTranslation } from 'react-i18next'
import type { PermissionInfo, Role } from '@/api/types'

/** Returns what a role is for: in the viewer's language if it is built in, else as its maker described it. */
export function useRoleText(): (role: Pick<Role, 'name' | 'description' | 'builtIn'>) => string {
  const { t } = useTranslation()
  return ({ name, description, builtIn }) => (builtIn ? t(`access.builtIn.${name}`, { defaultValue: description }) : description)
}

/** Returns what a permission allows, in the viewer's language; in the server's words for one that the console does not know. */
export function usePermissionText(): (permission: PermissionInfo) => string {
  const { t } = useTranslation()
  return ({ name, description }) => {
    const [area = '', deed = ''] = name.split('.')
    return t(`permission.${area}.${deed}`, { defaultValue: description })
  }
}
