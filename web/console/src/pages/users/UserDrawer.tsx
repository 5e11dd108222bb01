import { Drawer, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { mayManage } from '@/access/grant'
import { rolesQuery } from '@/access/queries'
import type { User } from '@/api/types'
import { useMay, useMe } from '@/auth/me'
import { DataList } from '@/parts/DataList'
import { Loaded } from '@/parts/Loaded'
import { Moment } from '@/time/Moment'
import { userQuery } from './api'
import { Signs } from './columns'
import { EditUser } from './EditUser'
import { UserActions } from './UserActions'
import { UserSessions } from './UserSessions'

/** One user: what is known, and what can be changed. */
export function UserDrawer({ name, onClose }: { name: string; onClose: () => void }) {
  const { t } = useTranslation()
  const user = useQuery(userQuery(name))
  return (
    <Drawer opened onClose={onClose} position="right" size="lg" title={t('users.one', { name })} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <Loaded query={user}>{({ data, etag }) => <UserPart user={data} tag={etag} onClose={onClose} />}</Loaded>
    </Drawer>
  )
}

function UserPart({ user, tag, onClose }: { user: User; tag: string; onClose: () => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const mayWrite = useMay('users.write')
  const roles = useQuery(rolesQuery)
  const manages = mayManage(user, roles.data ?? [], me)
  const reason = !mayWrite ? t('users.mayNot') : manages ? undefined : t('access.grantRule')
  return (
    <Stack gap="lg">
      <DataList facts={[
        [t('users.lastSignIn'), <Moment key="at" at={user.lastSignIn} />],
        [t('users.createdAt'), <Moment key="at" at={user.createdAt} />],
        [t('users.updatedAt'), <Moment key="at" at={user.updatedAt} />],
        [t('users.signs'), <Signs key="signs" user={user} />],
      ]} />
      {user.name === me.name && <Text c="dimmed">{t('users.yourself')}</Text>}
      {user.external && <Text c="dimmed">{t('users.external')}</Text>}
      {reason && <Text c="dimmed">{reason}</Text>}
      <EditUser key={tag} user={user} tag={tag} disabled={reason !== undefined} />
      <UserSessions name={user.name} mayEnd={reason === undefined} />
      {reason === undefined && <UserActions user={user} onDeleted={onClose} />}
    </Stack>
  )
}
