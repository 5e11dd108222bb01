import { Button, Checkbox, Fieldset, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { GrantProblem } from '@/access/GrantProblem'
import { usePermissionText } from '@/access/words'
import { asProblem } from '@/api/problem'
import type { PermissionInfo, Role } from '@/api/types'
import { useMe } from '@/auth/me'
import { useSaveRole } from './api'
import { areasOf, isRoleName, toggled } from './areas'

interface EditRoleProps {
  /** The role to change; absent for a new one. */
  role?: Role
  permissions: readonly PermissionInfo[]
  onClose: () => void
}

/** Makes a role, or changes what one allows. */
export function EditRole({ role, permissions, onClose }: EditRoleProps) {
  const { t } = useTranslation()
  const save = useSaveRole(role !== undefined)
  const form = useForm({
    initialValues: { name: role?.name ?? '', description: role?.description ?? '', permissions: role?.permissions ?? [] },
    validate: { name: (name) => (isRoleName(name) ? null : t('roles.nameRule')) },
  })
  const submit = form.onSubmit((values) =>
    save.mutate(values, {
      onSuccess: onClose,
      onError: (thrown) => {
        const problem = asProblem(thrown)
        form.setErrors({ name: problem.kind === 'duplicate' ? t('roles.nameTaken') : problem.field('name'), description: problem.field('description') })
      },
    }),
  )
  return (
    <Modal opened onClose={onClose} size="lg" title={role ? t('roles.editOne', { name: role.name }) : t('roles.create')} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput label={t('roles.name')} description={t('roles.nameRule')} readOnly={role !== undefined} data-autofocus={!role || undefined} autoComplete="off" spellCheck={false} {...form.getInputProps('name')} />
          <TextInput label={t('roles.description')} maxLength={256} autoComplete="off" {...form.getInputProps('description')} />
          {role && <Text c="dimmed">{t('roles.atOnce')}</Text>}
          <Choices permissions={permissions} chosen={form.values.permissions} onChange={(chosen) => form.setFieldValue('permissions', chosen)} />
          <GrantProblem problem={save.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
            <Button type="submit" loading={save.isPending}>{role ? t('roles.save') : t('roles.createDeed')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

interface ChoicesProps {
  permissions: readonly PermissionInfo[]
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
}

function Choices({ permissions, chosen, onChange }: ChoicesProps) {
  const { t } = useTranslation()
  const me = useMe()
  const text = usePermissionText()
  const known = permissions.map((permission) => permission.name)
  return (
    <Fieldset legend={t('roles.permissions')}>
      <Stack gap="md">
        {areasOf(permissions).map((area) => (
          <Stack key={area.name} gap={6}>
            {area.permissions.map(({ name, description }) => {
              const mine = me.permissions.includes(name)
              return (
                <Checkbox
                  key={name} label={name} description={mine ? text({ name, description }) : t('roles.lacking', { text: text({ name, description }) })}
                  checked={chosen.includes(name)} disabled={!mine}
                  onChange={(event) => onChange(toggled(chosen, name, event.currentTarget.checked, known, me.permissions))}
                />
              )
            })}
          </Stack>
        ))}
      </Stack>
    </Fieldset>
  )
}
