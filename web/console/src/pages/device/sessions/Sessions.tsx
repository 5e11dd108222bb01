import { Code, Table, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { DeviceSession } from '@/api/types'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { duration } from '@/time/format'
import { Moment } from '@/time/Moment'
import { deviceSessionsQuery } from '../api'
import { useDeviceScope } from '../context'
import { EventName } from '../EventName'
import { LoadMore } from '../LoadMore'
import { SessionOutcome } from './SessionOutcome'

/** The sessions of the device in which something happened. */
export function Sessions() {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const sessions = useInfiniteQuery(deviceSessionsQuery(device.id))
  return (
    <>
      <Text c="dimmed" size="xs" mb="xs" maw="60rem">{t('device.sessions.explanation')}</Text>
      <Loaded query={sessions}>
        {({ pages }) => {
          const all = pages.flatMap((page) => page.items)
          return all.length === 0 ? <EmptyState title={t('device.sessions.none')}>{t('device.sessions.noneTry')}</EmptyState> : <SessionTable sessions={all} />
        }}
      </Loaded>
      <LoadMore query={sessions} />
    </>
  )
}

function SessionTable({ sessions }: { sessions: DeviceSession[] }) {
  const { t, i18n } = useTranslation()
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table aria-label={t('device.tab.sessions')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('device.sessions.ended')}</Table.Th>
            <Table.Th scope="col">{t('device.sessions.reason')}</Table.Th>
            <Table.Th scope="col">{t('device.sessions.outcome')}</Table.Th>
            <Table.Th scope="col" ta="right">{t('device.sessions.rpcs')}</Table.Th>
            <Table.Th scope="col" ta="right">{t('device.sessions.duration')}</Table.Th>
            <Table.Th scope="col">{t('device.address')}</Table.Th>
            <Table.Th scope="col">{t('device.sessions.node')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sessions.map((session) => (
            <Table.Tr key={session.id}>
              <Table.Td><Moment at={session.endedAt} exact /></Table.Td>
              <Table.Td>{session.events.length === 0 ? '–' : session.events.map((code) => <div key={code} title={code}><EventName code={code} /></div>)}</Table.Td>
              <Table.Td><SessionOutcome outcome={session.outcome} /></Table.Td>
              <Table.Td ta="right">{session.rpcs}</Table.Td>
              <Table.Td ta="right">{duration(Date.parse(session.endedAt) - Date.parse(session.startedAt), i18n.language)}</Table.Td>
              <Table.Td>{session.address ?? '–'}</Table.Td>
              <Table.Td>{session.node ? <Code>{session.node}</Code> : '–'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
