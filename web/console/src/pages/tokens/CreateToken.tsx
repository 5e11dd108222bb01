import { Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
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
import { useCreateToken } from './api'
import { expiryOf, lifetimes, type Lifetime } from './expiry'

/** Creates a token, and shows it the once that it can be shown. */
export function CreateToken({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [made, setMade] = useState<{ name: string; secret: string }>()
  const stays = made !== undefined
  return (
    <Modal opened onClose={onClose} title={t('tokens.create')} closeOnClickOutside={!stays} closeOnEscape={!stays} withCloseButton={!stays} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      {made
        ? <SecretOnce title={t('tokens.made', { name: made.name })} secret={made.secret} onDone={onClose}>{t('tokens.once')}</SecretOnce>
        : <CreateForm onClose={onClose} onMade={(name, secret) => setMade({ name, secret })} />}
    </Modal>
  )
}

function CreateForm({ onClose, onMade }: { onClose: () => void; onMade: (name: string, secret: string) => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const create = useCreateToken()
  const form = useForm({
    initialValues: { name: '', role: '', scope: me.scope, lifetime: '90' as Lifetime, date: '' },
    validate: {
      name: (name) => (name.trim() ? null : t('tokens.nameNeeded')),
      role: (role) => (role ? null : t('users.roleNeeded')),
      scope: (scope, { role }) => (role === limitedRole && !scope ? t('users.scopeNeeded') : null),
      date: (date, { lifetime }) => (expiryOf(lifetime, date) === null ? t('tokens.dateNeeded') : null),
    },
  })
  const submit = form.onSubmit(({ name, role, scope, lifetime, date }) => {
    const expires = expiryOf(lifetime, date) ?? undefined
    create.mutate({ name: name.trim(), role, ...(scope && { scope }), ...(expires && { expires }) }, {
      onSuccess: ({ token, secret }) => onMade(token.name, secret),
      onError: (thrown) => {
        for (const field of ['name', 'role', 'scope'] as const) form.setFieldError(field, asProblem(thrown).field(field))
        form.setFieldError('date', asProblem(thrown).field('expires'))
      },
    })
  })
  const options = lifetimes.map((value) => ({ value, label: t(`tokens.lifetime.${value}`) }))
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput label={t('tokens.name')} description={t('tokens.nameMeans')} maxLength={64} data-autofocus autoComplete="off" {...form.getInputProps('name')} />
        <RoleSelect {...form.getInputProps('role')} />
        <ScopeSelect {...form.getInputProps('scope')} />
        <NativeSelect label={t('tokens.expires')} description={t('tokens.expiresMeans')} data={options} {...form.getInputProps('lifetime')} />
        {form.values.lifetime === 'date' && <TextInput type="date" label={t('tokens.date')} {...form.getInputProps('date')} />}
        <GrantProblem problem={create.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
          <Button type="submit" loading={create.isPending}>{t('tokens.createDeed')}</Button>
        </Group>
      </Stack>
    </form>
  )
}
