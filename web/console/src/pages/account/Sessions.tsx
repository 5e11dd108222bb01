import { Badge, Button, Group, Table, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { BrowserSession } from '@/api/types'
import { Loaded } from '@/parts/Loaded'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { WideTable } from '@/parts/WideTable'
import { Moment } from '@/time/Moment'
import { browserOf } from './browserOf'

/** The browsers in which the viewer is signed in, each with a way to end that. */
export function Sessions() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const sessions = useQuery({ queryKey: keys.ownSessions, queryFn: ({ signal }) => answer(api.GET('/api/v1/me/sessions', { signal })) })
  const ended = () => client.invalidateQueries({ queryKey: keys.ownSessions })
  const end = useMutation({ mutationFn: (id: string) => answer(api.DELETE('/api/v1/me/sessions/{id}', { params: { path: { id } } })), onSettled: ended })
  const endOthers = useMutation({ mutationFn: () => answer(api.POST('/api/v1/me/sessions/endOthers')), onSettled: ended })
  return (
    <>
      <Group justify="space-between" mb="xs">
        <Title order={2} id="sessions">{t('sessions.title')}</Title>
        <Button variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate()}
          disabled={(sessions.data?.items.length ?? 0) < 2}>{t('sessions.endOthers')}</Button>
      </Group>
      <ProblemAlert problem={end.error ?? endOthers.error} mb="xs" />
      <Loaded query={sessions}>{({ items }) => <SessionTable sessions={items} onEnd={(id) => end.mutate(id)} />}</Loaded>
    </>
  )
}

function SessionTable({ sessions, onEnd }: { sessions: BrowserSession[]; onEnd: (id: string) => void }) {
  const { t } = useTranslation()
  return (
    <WideTable labelledBy="sessions" minWidth={640}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('sessions.browser')}</Table.Th>
          <Table.Th scope="col">{t('sessions.address')}</Table.Th>
          <Table.Th scope="col">{t('sessions.createdAt')}</Table.Th>
          <Table.Th scope="col">{t('sessions.lastUsed')}</Table.Th>
          <Table.Th scope="col">{t('sessions.expires')}</Table.Th>
          <Table.Td />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>{sessions.map((session) => <SessionRow key={session.id} session={session} onEnd={onEnd} />)}</Table.Tbody>
    </WideTable>
  )
}

function SessionRow({ session, onEnd }: { session: BrowserSession; onEnd: (id: string) => void }) {
  const { t } = useTranslation()
  const browser = browserOf(session.userAgent) || t('sessions.unknown')
  return (
    <Table.Tr>
      <Table.Td title={session.userAgent}>{browser} {session.current && <Badge variant="outline">{t('sessions.current')}</Badge>}</Table.Td>
      <Table.Td>{session.address}</Table.Td>
      <Table.Td><Moment at={session.createdAt} /></Table.Td>
      <Table.Td><Moment at={session.lastUsed} /></Table.Td>
      <Table.Td><Moment at={session.expires} /></Table.Td>
      <Table.Td ta="right">
        {!session.current && (
          <Button size="xs" variant="default" onClick={() => onEnd(session.id)} aria-label={t('sessions.endOne', { browser, address: session.address })}>{t('sessions.end')}</Button>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
