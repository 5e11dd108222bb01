import { Button, Group, Modal, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { GrantProblem } from '@/access/GrantProblem'
import { SecretOnce } from '@/access/SecretOnce'
import type { User } from '@/api/types'
import { ConfirmDeed } from '@/parts/ConfirmDeed'
import { ConfirmTyped } from '@/parts/ConfirmTyped'
import { useChangeUser, useDeleteUser } from './api'
import { generatePassword } from './password'

type Deed = 'password' | 'factor' | 'delete'

/** What can be done to a user beside changing their rights. */
export function UserActions({ user, onDeleted }: { user: User; onDeleted: () => void }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<Deed>()
  const remove = useDeleteUser(user.name)
  const close = () => setAsked(undefined)
  return (
    <section aria-label={t('users.actions')}>
      <Title order={3} mb="xs">{t('users.actions')}</Title>
      <Group>
        {!user.external && <Button variant="default" onClick={() => setAsked('password')}>{t('users.resetPassword')}</Button>}
        {user.secondFactor && <Button variant="default" onClick={() => setAsked('factor')}>{t('users.removeFactor')}</Button>}
        <Button variant="outline" color="red" onClick={() => setAsked('delete')}>{t('users.delete')}</Button>
      </Group>
      {asked === 'password' && <ResetPassword name={user.name} onClose={close} />}
      {asked === 'factor' && <RemoveFactor name={user.name} onClose={close} />}
      <ConfirmTyped
        opened={asked === 'delete'} onClose={close} title={t('users.delete')} word={user.name} deed={t('users.delete')}
        onConfirm={async () => { await remove.mutateAsync(); onDeleted() }}
      >
        {t('users.deleteMeans', { name: user.name })}
      </ConfirmTyped>
    </section>
  )
}

function ResetPassword({ name, onClose }: { name: string; onClose: () => void }) {
  const { t } = useTranslation()
  const change = useChangeUser(name)
  const [password, setPassword] = useState('')
  const reset = () => {
    const next = generatePassword()
    change.mutate({ patch: { password: next } }, { onSuccess: () => setPassword(next) })
  }
  const shown = password !== ''
  return (
    <Modal opened onClose={onClose} title={t('users.resetPassword')} closeOnClickOutside={!shown} closeOnEscape={!shown} withCloseButton={!shown} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      {shown ? <SecretOnce title={t('users.passwordOf', { name })} secret={password} onDone={onClose}>{t('users.passwordOnce')}</SecretOnce> : (
        <>
          <p>{t('users.resetMeans', { name })}</p>
          <GrantProblem problem={change.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} data-autofocus>{t('parts.cancel')}</Button>
            <Button onClick={reset} loading={change.isPending}>{t('users.resetPassword')}</Button>
          </Group>
        </>
      )}
    </Modal>
  )
}

function RemoveFactor({ name, onClose }: { name: string; onClose: () => void }) {
  const { t } = useTranslation()
  const change = useChangeUser(name)
  const confirm = async () => {
    await change.mutateAsync({ patch: { secondFactor: null } })
    notifications.show({ message: t('users.factorRemoved', { name }) })
  }
  return (
    <ConfirmDeed title={t('users.removeFactor')} deed={t('users.removeFactor')} harmful onClose={onClose} onConfirm={confirm}>
      {t('users.removeFactorMeans', { name })}
    </ConfirmDeed>
  )
}
