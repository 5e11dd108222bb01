import { List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AccessRule, SharedCredential } from '@/api/types'
import { ConfirmDeed } from '@/parts/ConfirmDeed'
import { useDeleteCredential, useDeleteRule, useSaveCredential } from './api'
import { credentialOf, credentialValuesOf, titleOf } from './form'

/** Deletes a rule; says which shared credentials count under it only. */
export function DeleteRule({ rule, credentials, onClose }: { rule: AccessRule; credentials: readonly SharedCredential[]; onClose: () => void }) {
  const { t } = useTranslation()
  const remove = useDeleteRule(rule.id)
  const bound = credentials.filter((credential) => credential.rule === rule.id)
  return (
    <ConfirmDeed title={t('deviceAccess.deleteRule', { name: rule.name })} deed={t('deviceAccess.deleteRuleDeed')} harmful onClose={onClose} onConfirm={() => remove.mutateAsync()}>
      {t('deviceAccess.deleteRuleMeans', { name: rule.name })}
      {bound.length > 0 && <><Text mt="xs">{t('deviceAccess.boundCredentials')}</Text><List>{bound.map((credential) => <List.Item key={credential.id}>{titleOf(credential)}</List.Item>)}</List></>}
    </ConfirmDeed>
  )
}

interface CredentialProps {
  credential: SharedCredential
  onClose: () => void
}

/** Deletes a shared credential. */
export function DeleteCredential({ credential, onClose }: CredentialProps) {
  const { t } = useTranslation()
  const remove = useDeleteCredential(credential.id)
  const name = titleOf(credential)
  return (
    <ConfirmDeed title={t('deviceAccess.deleteCredential', { name })} deed={t('deviceAccess.deleteCredentialDeed')} harmful onClose={onClose} onConfirm={() => remove.mutateAsync()}>
      {t('deviceAccess.deleteCredentialMeans', { name, username: credential.username })}
    </ConfirmDeed>
  )
}

/** Has a shared credential count no longer, or again. */
export function ToggleCredential({ credential, onClose }: CredentialProps) {
  const { t } = useTranslation()
  const save = useSaveCredential(credential.revision)
  const name = titleOf(credential)
  const turn = credential.enabled ? 'disable' : 'enable'
  const toggle = () => save.mutateAsync({ id: credential.id, body: credentialOf({ ...credentialValuesOf(credential), enabled: !credential.enabled }) })
  return (
    <ConfirmDeed title={t(`deviceAccess.${turn}One`, { name })} deed={t(`deviceAccess.${turn}Deed`)} harmful={credential.enabled} onClose={onClose} onConfirm={toggle}>
      {t(`deviceAccess.${turn}Means`, { name, username: credential.username })}
    </ConfirmDeed>
  )
}
