import { Button, Checkbox, Fieldset, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import { GrantProblem } from '@/access/GrantProblem'
import { limitedRole } from '@/access/grant'
import { RoleSelect } from '@/access/RoleSelect'
import { ScopeSelect } from '@/access/ScopeSelect'
import { asProblem } from '@/api/problem'
import type { User } from '@/api/types'
import { useChangeUser } from './api'
import { patchOf } from './form'

/** Changes what a user is called and may do. */
export function EditUser({ user, tag, disabled }: { user: User; tag: string; disabled: boolean }) {
  const { t } = useTranslation()
  const change = useChangeUser(user.name)
  const form = useForm({
    initialValues: { displayName: user.displayName, role: user.role, scope: user.scope, disabled: user.disabled },
    validate: { scope: (scope, { role }) => (role === limitedRole && !scope ? t('users.scopeNeeded') : null) },
  })
  const submit = form.onSubmit((values) => {
    const patch = patchOf(user, values)
    if (!patch) return
    const saved = () => notifications.show({ message: t('users.saved', { name: user.name }) })
    const failed = (thrown: unknown) => {
      for (const field of ['displayName', 'role', 'scope'] as const) form.setFieldError(field, asProblem(thrown).field(field))
    }
    // Not by callbacks of mutate: the form begins anew with the user as changed, before they would be called.
    change.mutateAsync({ patch, tag }).then(saved, failed)
  })
  return (
    <form onSubmit={submit}>
      <Fieldset disabled={disabled} legend={t('users.rights')}>
        <Stack gap="sm">
          <TextInput label={t('users.displayName')} maxLength={128} autoComplete="off" {...form.getInputProps('displayName')} />
          <RoleSelect {...form.getInputProps('role')} disabled={disabled || user.external} />
          <ScopeSelect {...form.getInputProps('scope')} disabled={disabled || user.external} />
          <Checkbox label={t('users.disabled')} description={t('users.disabledMeans')} {...form.getInputProps('disabled', { type: 'checkbox' })} />
          <GrantProblem problem={change.error} />
          <Group><Button type="submit" disabled={!form.isDirty()} loading={change.isPending}>{t('users.save')}</Button></Group>
        </Stack>
      </Fieldset>
    </form>
  )
}
