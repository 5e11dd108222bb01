import { Table, Title, VisuallyHidden } from '@mantine/core'
import { IconCheck, IconMinus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { usePermissionText } from '@/access/words'
import type { PermissionInfo, Role } from '@/api/types'
import classes from './Matrix.module.css'

/** Which role has which permission. */
export function Matrix({ roles, permissions }: { roles: readonly Role[]; permissions: readonly PermissionInfo[] }) {
  const { t } = useTranslation()
  const text = usePermissionText()
  return (
    <section>
      <Title order={2} mb="xs" id="matrix">{t('roles.matrix')}</Title>
      {/* It scrolls sideways, and so has to be reached by keys. */}
      {/* eslint-disable-next-line jsx-a11y-x/no-noninteractive-tabindex */}
      <div className={classes.scroller} tabIndex={0} role="region" aria-labelledby="matrix">
        <Table aria-labelledby="matrix" className={classes.matrix}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('roles.permission')}</Table.Th>
              {roles.map((role) => <Table.Th key={role.name} scope="col" ta="center">{role.name}</Table.Th>)}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {permissions.map((permission) => (
              <Table.Tr key={permission.name}>
                <Table.Th scope="row" fw={400}><strong>{permission.name}</strong><br />{text(permission)}</Table.Th>
                {roles.map((role) => <Table.Td key={role.name} ta="center"><Mark has={role.permissions.includes(permission.name)} /></Table.Td>)}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </section>
  )
}

function Mark({ has }: { has: boolean }) {
  const { t } = useTranslation()
  return (
    <>
      {has ? <IconCheck size={18} stroke={2.5} color="var(--dialtone-good)" aria-hidden /> : <IconMinus size={16} color="var(--dialtone-quiet)" aria-hidden />}
      <VisuallyHidden>{has ? t('roles.yes') : t('roles.no')}</VisuallyHidden>
    </>
  )
}
