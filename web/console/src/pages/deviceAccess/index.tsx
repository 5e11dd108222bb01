import { Alert, Button, Code, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import type { AccessRule } from '@/api/types'
import { useMay, useWholeFleet } from '@/auth/me'
import { Loaded } from '@/parts/Loaded'
import { EmptyState } from '@/parts/EmptyState'
import { PageHeader } from '@/parts/PageHeader'
import { credentialsQuery, rulesQuery } from './api'
import { DeleteRule } from './Confirmations'
import { Credentials } from './Credentials'
import { EditRule } from './EditRule'
import { isOpen } from './order'
import { RuleList } from './RuleList'

/** Which devices may speak with the server, and how they prove who they are. */
export default function DeviceAccessPage() {
  const { t } = useTranslation()
  const mayWrite = useMay('policies.write')
  const wholeFleet = useWholeFleet()
  const may = mayWrite && wholeFleet
  const rules = useQuery(rulesQuery)
  const credentials = useQuery(credentialsQuery)
  const [edited, setEdited] = useState<AccessRule | 'new'>()
  const [deleted, setDeleted] = useState<AccessRule>()
  const create = may && <Button onClick={() => setEdited('new')} leftSection={<IconPlus size={16} aria-hidden />}>{t('deviceAccess.newRule')}</Button>
  return (
    <>
      <PageHeader title={t('deviceAccess.title')} actions={create}>{t('deviceAccess.explanation')} {!may && t('deviceAccess.mayNot')}</PageHeader>
      <Loaded query={rules}>
        {(list) => (
          <>
            {isOpen(list) && <OpenDoor />}
            <section aria-labelledby="access-rules">
              <Title order={2} mb={4} id="access-rules">{t('deviceAccess.rules')}</Title>
              <Text c="dimmed" maw="46rem" mb="sm">{t('deviceAccess.rulesMean')}</Text>
              {list.every((rule) => rule.builtIn) && <div style={{ marginBottom: 12 }}><EmptyState title={t('deviceAccess.noRules.title')} action={create}>{t('deviceAccess.noRules.try')}</EmptyState></div>}
              <RuleList rules={list} {...(may && { onEdit: setEdited, onDelete: setDeleted })} />
            </section>
            <Credentials rules={list} may={may} />
          </>
        )}
      </Loaded>
      {edited && <EditRule rule={edited === 'new' ? undefined : edited} taken={(rules.data ?? []).map(({ id }) => id)} onClose={() => setEdited(undefined)} />}
      {deleted && <DeleteRule rule={deleted} credentials={credentials.data ?? []} onClose={() => setDeleted(undefined)} />}
    </>
  )
}

/** Warns that devices that no rule fits need no proof. */
function OpenDoor() {
  const { t } = useTranslation()
  return (
    <Alert variant="outline" color="yellow" mb="md" role="status" icon={<IconAlertTriangle aria-hidden />} title={t('deviceAccess.open.title')} styles={{ title: { color: 'var(--dialtone-warn)' } }}>
      <Trans t={t} i18nKey="deviceAccess.open.try" components={{ flag: <Code /> }} />
    </Alert>
  )
}
