import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { permissionsQuery, rolesQuery } from '@/access/queries'
import type { Role } from '@/api/types'
import { useMay, useWholeFleet } from '@/auth/me'
import { Loaded } from '@/parts/Loaded'
import { PageHeader } from '@/parts/PageHeader'
import { EditRole } from './EditRole'
import { Matrix } from './Matrix'
import { RoleList } from './RoleList'

/** What the roles allow. */
export default function RolesPage() {
  const { t } = useTranslation()
  const mayWrite = useMay('users.write')
  const wholeFleet = useWholeFleet()
  const may = mayWrite && wholeFleet
  const roles = useQuery(rolesQuery)
  const permissions = useQuery(permissionsQuery)
  const [edited, setEdited] = useState<Role | 'new'>()
  const create = may && <Button onClick={() => setEdited('new')} leftSection={<IconPlus size={16} aria-hidden />}>{t('roles.create')}</Button>
  return (
    <>
      <PageHeader title={t('roles.title')} actions={create}>{t('roles.explanation')} {!may && t('roles.mayNot')}</PageHeader>
      <Loaded query={roles}>
        {(list) => (
          <>
            <RoleList roles={list} may={may} onEdit={setEdited} />
            <Loaded query={permissions}>{(all) => <Matrix roles={list} permissions={all} />}</Loaded>
          </>
        )}
      </Loaded>
      {edited && <EditRole role={edited === 'new' ? undefined : edited} permissions={permissions.data ?? []} onClose={() => setEdited(undefined)} />}
    </>
  )
}
