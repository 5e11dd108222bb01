import { Button, Group, Text, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccessRule, SharedCredential } from '@/api/types'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { credentialsQuery } from './api'
import { DeleteCredential, ToggleCredential } from './Confirmations'
import { CredentialList } from './CredentialList'
import { EditCredential } from './EditCredential'

type Doing = { deed: 'edit'; credential?: SharedCredential } | { deed: 'toggle' | 'remove'; credential: SharedCredential }

/** The shared credentials and what can be done with them. */
export function Credentials({ rules, may }: { rules: readonly AccessRule[]; may: boolean }) {
  const { t } = useTranslation()
  const credentials = useQuery(credentialsQuery)
  const [doing, setDoing] = useState<Doing>()
  const deeds = useMemo(() => ({
    edit: (credential: SharedCredential) => setDoing({ deed: 'edit', credential }),
    toggle: (credential: SharedCredential) => setDoing({ deed: 'toggle', credential }),
    remove: (credential: SharedCredential) => setDoing({ deed: 'remove', credential }),
  }), [])
  const close = () => setDoing(undefined)
  const create = may && <Button variant="default" onClick={() => setDoing({ deed: 'edit' })} leftSection={<IconPlus size={16} aria-hidden />}>{t('deviceAccess.newCredential')}</Button>
  return (
    <section aria-labelledby="shared-credentials">
      <Group justify="space-between" align="flex-start" gap="sm" mt="xl">
        <Title order={2} id="shared-credentials">{t('deviceAccess.credentials')}</Title>
        {credentials.data && credentials.data.length > 0 && create}
      </Group>
      <Text c="dimmed" maw="46rem" mt={4} mb="sm">{t('deviceAccess.credentialsMean')}</Text>
      <Loaded query={credentials}>
        {(list) => (list.length === 0
          ? <EmptyState title={t('deviceAccess.noCredentials.title')} action={create}>{t('deviceAccess.noCredentials.try')}</EmptyState>
          : <CredentialList credentials={list} rules={rules} deeds={may ? deeds : undefined} />)}
      </Loaded>
      {doing?.deed === 'edit' && <EditCredential credential={doing.credential} rules={rules} taken={(credentials.data ?? []).map(({ id }) => id)} onClose={close} />}
      {doing?.deed === 'toggle' && <ToggleCredential credential={doing.credential} onClose={close} />}
      {doing?.deed === 'remove' && <DeleteCredential credential={doing.credential} onClose={close} />}
    </section>
  )
}
