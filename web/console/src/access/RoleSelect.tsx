import { Select, type SelectProps } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/auth/me'
import { grantable } from './grant'
import { rolesQuery } from './queries'
import { useRoleText } from './words'

/** Chooses one of the roles that who is signed in may give to others. */
export function RoleSelect({ value, ...rest }: Omit<SelectProps, 'data'>) {
  const { t } = useTranslation()
  const me = useMe()
  const text = useRoleText()
  const roles = useQuery(rolesQuery)
  const offered = grantable(roles.data ?? [], me)
  const left = (roles.data?.length ?? 0) - offered.length
  const chosen = offered.find((role) => role.name === value)
  // A role that was given by somebody else is shown as it is.
  const names = chosen || !value ? offered.map((role) => role.name) : [value, ...offered.map((role) => role.name)]
  const about = [chosen && text(chosen), left > 0 && t('access.rolesLeft', { count: left })].filter(Boolean).join(' ')
  return (
    <Select
      label={t('access.role')} data={names} value={value ?? null} allowDeselect={false} searchable nothingFoundMessage={t('access.noRole')}
      description={about} error={roles.isError ? t('access.rolesFailed') : undefined} {...rest}
    />
  )
}
