import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { GrantProblem } from '@/access/GrantProblem'
import { limitedRole } from '@/access/grant'
import { RoleSelect } from '@/access/RoleSelect'
import { ScopeSelect } from '@/access/ScopeSelect'
import { SecretOnce } from '@/access/SecretOnce'
import { asProblem } from '@/api/problem'
import { useMe } from '@/auth/me'
import { useCreateUser } from './api'
import { isUserName, newUserOf } from './form'

/** Creates a user, and shows the password that the server made. */
export function CreateUser({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [made, setMade] = useState<{ name: string; password: string }>()
  // While the password is shown, a stray click or Escape must not lose it.
  const stays = made !== undefined
  return (
    <Modal opened onClose={onClose} title={t('users.create')} closeOnClickOutside={!stays} closeOnEscape={!stays} withCloseButton={!stays} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      {made ? (
        <SecretOnce title={t('users.passwordOf', { name: made.name })} secret={made.password} onDone={onClose}>{t('users.passwordOnce')}</SecretOnce>
      ) : (
        <CreateForm onClose={onClose} onMade={(name, password) => (password ? setMade({ name, password }) : onClose())} />
      )}
    </Modal>
  )
}

function CreateForm({ onClose, onMade }: { onClose: () => void; onMade: (name: string, password?: string) => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const create = useCreateUser()
  const form = useForm({
    initialValues: { name: '', displayName: '', role: '', scope: me.scope },
    validate: {
      name: (name) => (isUserName(name) ? null : t('users.nameRule')),
      role: (role) => (role ? null : t('users.roleNeeded')),
      scope: (scope, { role }) => (role === limitedRole && !scope ? t('users.scopeNeeded') : null),
    },
  })
  const submit = form.onSubmit(({ name, ...fields }) =>
    create.mutate(newUserOf(name, fields), {
      onSuccess: ({ user, password }) => onMade(user.name, password),
      onError: (thrown) => {
        const problem = asProblem(thrown)
        for (const field of ['name', 'displayName', 'role', 'scope'] as const) form.setFieldError(field, problem.field(field))
        if (problem.kind === 'duplicate') form.setFieldError('name', t('users.nameTaken'))
      },
    }),
  )
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput label={t('users.name')} description={t('users.nameRule')} required withAsterisk={false} data-autofocus autoCapitalize="none" autoComplete="off" spellCheck={false} {...form.getInputProps('name')} />
        <TextInput label={t('users.displayName')} description={t('users.displayNameMeans')} autoComplete="off" maxLength={128} {...form.getInputProps('displayName')} />
        <RoleSelect {...form.getInputProps('role')} />
        <ScopeSelect {...form.getInputProps('scope')} />
        <GrantProblem problem={create.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
          <Button type="submit" loading={create.isPending}>{t('users.createDeed')}</Button>
        </Group>
      </Stack>
    </form>
  )
}
