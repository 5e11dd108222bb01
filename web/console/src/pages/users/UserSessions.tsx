import { Button, Card, Group, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { browserOf } from '@/pages/account/browserOf'
import { ConfirmDeed } from '@/parts/ConfirmDeed'
import { DataList } from '@/parts/DataList'
import { Loaded } from '@/parts/Loaded'
import { Moment } from '@/time/Moment'
import { useEndSessions, userSessionsQuery } from './api'

/** Where a user is signed in, and how to end that. */
export function UserSessions({ name, mayEnd }: { name: string; mayEnd: boolean }) {
  const { t } = useTranslation()
  const sessions = useQuery(userSessionsQuery(name))
  const end = useEndSessions(name)
  const [asking, setAsking] = useState(false)
  return (
    <section aria-label={t('users.sessions')}>
      <Group justify="space-between" mb="xs">
        <Title order={3}>{t('users.sessions')}</Title>
        {mayEnd && (sessions.data?.length ?? 0) > 0 && <Button variant="default" onClick={() => setAsking(true)}>{t('users.endSessions')}</Button>}
      </Group>
      <Loaded query={sessions}>
        {(list) => (list.length === 0 ? <Text c="dimmed">{t('users.noSessions')}</Text> : list.map((session) => (
          <Card withBorder key={session.id} mb="xs" p="xs">
            <DataList facts={[
              [t('sessions.browser'), browserOf(session.userAgent) || t('sessions.unknown')], [t('sessions.address'), session.address],
              [t('sessions.createdAt'), <Moment key="at" at={session.createdAt} />], [t('sessions.lastUsed'), <Moment key="at" at={session.lastUsed} />],
            ]} />
          </Card>
        )))}
      </Loaded>
      {asking && (
        <ConfirmDeed title={t('users.endSessions')} deed={t('users.endSessions')} onClose={() => setAsking(false)} onConfirm={() => end.mutateAsync()}>
          {t('users.endSessionsMeans', { name })}
        </ConfirmDeed>
      )}
    </section>
  )
}
