import { Button, Group, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccessRule, SharedCredential } from '@/api/types'
import { VirtualTable, type Column } from '@/listing/VirtualTable'
import { Moment } from '@/time/Moment'
import { titleOf } from './form'
import { DisabledBadge, Scope } from './Scope'

type Deed = (credential: SharedCredential) => void

interface CredentialListProps {
  credentials: readonly SharedCredential[]
  rules: readonly AccessRule[]
  /** Absent for those who may do nothing. */
  deeds?: { edit: Deed; toggle: Deed; remove: Deed }
}

/** The credentials that many devices have, without their passwords. */
export function CredentialList({ credentials, rules, deeds }: CredentialListProps) {
  const { t } = useTranslation()
  const columns = useMemo(() => {
    const all: Column<SharedCredential>[] = [
      { key: 'name', title: t('deviceAccess.name'), width: 'minmax(8rem, 1.3fr)', cell: (credential) => <span><strong>{titleOf(credential)}</strong> {!credential.enabled && <DisabledBadge />}</span> },
      { key: 'username', title: t('deviceAccess.username'), width: 'minmax(7rem, 1fr)', cell: (credential) => credential.username },
      { key: 'for', title: t('deviceAccess.for'), width: 'minmax(9rem, 2fr)', cell: (credential) => <Scope {...credential} all={t('deviceAccess.allDevices')} /> },
      { key: 'rule', title: t('deviceAccess.underRule'), width: 'minmax(7rem, 1.2fr)', cell: (credential) => <RuleOf id={credential.rule} rules={rules} /> },
      { key: 'updatedAt', title: t('deviceAccess.updatedAt'), width: '8rem', cell: (credential) => <Moment at={credential.updatedAt} /> },
    ]
    if (deeds) all.push({ key: 'actions', title: t('deviceAccess.actions'), width: '20rem', cell: (credential) => <Actions credential={credential} {...deeds} /> })
    return all
  }, [t, rules, deeds])
  return <VirtualTable label={t('deviceAccess.credentials')} columns={columns} items={credentials} idOf={(credential) => credential.id} />
}

/** The rule under which a credential counts; under one that is gone it never does. */
function RuleOf({ id, rules }: { id: string; rules: readonly AccessRule[] }) {
  const { t } = useTranslation()
  if (id === '') return t('deviceAccess.everyRule')
  const rule = rules.find((r) => r.id === id)
  return rule ? rule.name : <Text span c="var(--dialtone-warn)">{t('deviceAccess.goneRule', { id })}</Text>
}

function Actions({ credential, edit, toggle, remove }: { credential: SharedCredential; edit: Deed; toggle: Deed; remove: Deed }) {
  const { t } = useTranslation()
  const name = titleOf(credential)
  const turn = credential.enabled ? 'disable' : 'enable'
  return (
    <Group gap="xs" wrap="wrap">
      <Button size="xs" variant="default" onClick={() => edit(credential)} aria-label={t('deviceAccess.editCredential', { name })}>{t('deviceAccess.edit')}</Button>
      <Button size="xs" variant="default" onClick={() => toggle(credential)} aria-label={t(`deviceAccess.${turn}One`, { name })}>{t(`deviceAccess.${turn}`)}</Button>
      <Button size="xs" variant="outline" color="red" onClick={() => remove(credential)} aria-label={t('deviceAccess.deleteCredential', { name })}>{t('deviceAccess.delete')}</Button>
    </Group>
  )
}
