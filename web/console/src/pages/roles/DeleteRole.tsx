import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { Role } from '@/api/types'
import { ConfirmDeed } from '@/parts/ConfirmDeed'
import { useDeleteRole } from './api'

/** Deletes a role that nobody has any longer. */
export function DeleteRole({ role, onClose }: { role: Role; onClose: () => void }) {
  const { t } = useTranslation()
  const remove = useDeleteRole(role.name)
  const explain = (problem: unknown) => asProblem(problem).kind === 'state' && <Text mb="md">{t('roles.inUse')}</Text>
  return (
    <ConfirmDeed title={t('roles.deleteOne', { name: role.name })} deed={t('roles.delete')} harmful onClose={onClose} onConfirm={() => remove.mutateAsync()} explain={explain}>
      {t('roles.deleteMeans', { name: role.name })}
    </ConfirmDeed>
  )
}
