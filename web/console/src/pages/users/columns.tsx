import { Badge, Group } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { User } from '@/api/types'
import type { Column } from '@/listing/VirtualTable'
import { Moment } from '@/time/Moment'

/** The columns of the list of users. */
export function useUserColumns(): Column<User>[] {
  const { t } = useTranslation()
  return useMemo(
    () => [
      { key: 'name', title: t('users.name'), width: 'minmax(8rem, 1.5fr)', cell: (user) => user.name },
      { key: 'displayName', title: t('users.displayName'), width: 'minmax(8rem, 1.5fr)', cell: (user) => user.displayName || '–' },
      { key: 'role', title: t('access.role'), width: 'minmax(6rem, 1fr)', cell: (user) => user.role },
      { key: 'scope', title: t('access.scope'), width: 'minmax(8rem, 1.5fr)', cell: (user) => user.scope || t('access.allGroups') },
      { key: 'lastSignIn', title: t('users.lastSignIn'), width: 'minmax(7rem, 1fr)', cell: (user) => <Moment at={user.lastSignIn} /> },
      { key: 'signs', title: t('users.signs'), width: 'minmax(9rem, 1.5fr)', cell: (user) => <Signs user={user} /> },
    ],
    [t],
  )
}

/** What is special about a user's sign-in, in words. */
export function Signs({ user }: { user: User }) {
  const { t } = useTranslation()
  const signs = [
    user.disabled && t('users.sign.disabled'), user.external && t('users.sign.external'), user.secondFactor && t('users.sign.secondFactor'),
    user.mustChangePassword && t('users.sign.mustChange'),
  ].filter((sign) => sign !== false)
  if (signs.length === 0) return '–'
  return <Group gap={4}>{signs.map((sign) => <Badge key={sign} variant="outline" color="gray" tt="none">{sign}</Badge>)}</Group>
}
