import { Badge, Button, Group } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { lacking } from '@/access/grant'
import { useRoleText } from '@/access/words'
import type { Role } from '@/api/types'
import { useMe } from '@/auth/me'
import { VirtualTable, type Column } from '@/listing/VirtualTable'
import { Moment } from '@/time/Moment'
import { DeleteRole } from './DeleteRole'

interface RoleListProps {
  roles: readonly Role[]
  /** Whether the viewer may change roles at all. */
  may: boolean
  onEdit: (role: Role) => void
}

/** The roles, what they are for, and what can be done with those that were made. */
export function RoleList({ roles, may, onEdit }: RoleListProps) {
  const { t } = useTranslation()
  const text = useRoleText()
  const [deleted, setDeleted] = useState<Role>()
  const columns = useMemo(() => {
    const all: Column<Role>[] = [
      { key: 'name', title: t('access.role'), width: 'minmax(10rem, 1fr)', cell: (role) => <RoleName role={role} /> },
      { key: 'description', title: t('roles.description'), width: 'minmax(14rem, 3fr)', cell: (role) => text(role) || '–' },
      { key: 'count', title: t('roles.count'), width: '8rem', cell: (role) => role.permissions.length },
      { key: 'updatedAt', title: t('roles.updatedAt'), width: '9rem', cell: (role) => (role.builtIn ? '–' : <Moment at={role.updatedAt} />) },
    ]
    if (may) all.push({ key: 'actions', title: t('roles.actions'), width: '13rem', cell: (role) => (role.builtIn ? '–' : <Actions role={role} onEdit={onEdit} onDelete={setDeleted} />) })
    return all
  }, [t, text, may, onEdit])
  return (
    <div style={{ marginBottom: 20 }}>
      <VirtualTable label={t('roles.title')} columns={columns} items={roles} idOf={(role) => role.name} />
      {deleted && <DeleteRole role={deleted} onClose={() => setDeleted(undefined)} />}
    </div>
  )
}

function RoleName({ role }: { role: Role }) {
  const { t } = useTranslation()
  return <span><strong>{role.name}</strong> {role.builtIn && <Badge variant="outline" color="gray" tt="none">{t('roles.builtIn')}</Badge>}</span>
}

function Actions({ role, onEdit, onDelete }: { role: Role; onEdit: (role: Role) => void; onDelete: (role: Role) => void }) {
  const { t } = useTranslation()
  const beyond = lacking(role, useMe())
  if (beyond.length > 0) return t('roles.beyond', { permissions: beyond.join(', ') })
  return (
    <Group gap="xs" wrap="nowrap">
      <Button size="xs" variant="default" onClick={() => onEdit(role)} aria-label={t('roles.editOne', { name: role.name })}>{t('roles.edit')}</Button>
      <Button size="xs" variant="outline" color="red" onClick={() => onDelete(role)} aria-label={t('roles.deleteOne', { name: role.name })}>{t('roles.delete')}</Button>
    </Group>
  )
}
