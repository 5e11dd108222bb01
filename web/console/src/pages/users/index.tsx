import { Button, Group, TextInput } from '@mantine/core'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/auth/me'
import { useUrlState } from '@/listing/useUrlState'
import { VirtualTable } from '@/listing/VirtualTable'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { PageHeader } from '@/parts/PageHeader'
import { usersQuery } from './api'
import { CreateUser } from './CreateUser'
import { searchUsers } from './form'
import { useUserColumns } from './columns'
import { UserDrawer } from './UserDrawer'

/** Who can sign in, and what they may do. */
export default function UsersPage() {
  const { t } = useTranslation()
  const may = useMay('users.write')
  const users = useQuery(usersQuery)
  const [{ search, user }, change] = useUrlState(['search', 'user'])
  const [creating, setCreating] = useState(false)
  const columns = useUserColumns()
  const create = may && <Button onClick={() => setCreating(true)} leftSection={<IconPlus size={16} aria-hidden />}>{t('users.create')}</Button>
  return (
    <>
      <PageHeader title={t('users.title')} actions={create}>{t('users.explanation')}</PageHeader>
      <Group mb="sm">
        <TextInput
          type="search" aria-label={t('users.search')} placeholder={t('users.search')} leftSection={<IconSearch size={16} aria-hidden />} w={320} maw="100%"
          value={search} onChange={(event) => change({ search: event.currentTarget.value }, { replace: true })}
        />
      </Group>
      <Loaded query={users}>
        {(all) => {
          const found = searchUsers(all, search)
          if (found.length === 0) return <EmptyState title={t('users.none.title')}>{t('users.none.try')}</EmptyState>
          return <VirtualTable label={t('users.title')} columns={columns} items={found} idOf={(u) => u.name} open={user} onOpen={(name) => change({ user: name })} />
        }}
      </Loaded>
      {creating && <CreateUser onClose={() => setCreating(false)} />}
      {user && <UserDrawer key={user} name={user} onClose={() => change({ user: '' })} />}
    </>
  )
}
