import { Alert, Badge, Card, Code, Stack, Table, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { SystemInfo } from '@/api/types'
import { DataList } from '@/parts/DataList'
import { Loaded } from '@/parts/Loaded'
import { PageHeader } from '@/parts/PageHeader'
import { WideTable } from '@/parts/WideTable'
import { localeOf } from '@/time/locale'
import { Moment } from '@/time/Moment'

const storeNames: Record<string, string> = { sqlite: 'SQLite', mongodb: 'MongoDB' }

/** What the server is made of, and how its parts stand. */
export default function SystemPage() {
  const { t } = useTranslation()
  const system = useQuery({
    queryKey: keys.system,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/system', { signal })),
    refetchInterval: 15_000,
  })
  return (
    <>
      <PageHeader title={t('system.title')}>{t('system.explanation')}</PageHeader>
      <Loaded query={system}>
        {(info) => (
          <Stack gap="md">
            {!info.store.ok && <Alert color="red" variant="outline" role="alert" title={t('system.storeDown.title')}>{t('system.storeDown.try')}</Alert>}
            {hasMixedVersions(info.nodes) && <Alert color="yellow" variant="outline" title={t('system.mixed.title')}>{t('system.mixed.try')}</Alert>}
            <Server info={info} />
            <Nodes nodes={info.nodes} />
          </Stack>
        )}
      </Loaded>
    </>
  )
}

function Server({ info }: { info: SystemInfo }) {
  const { t, i18n } = useTranslation()
  return (
    <Card withBorder>
      <Title order={2} mb="xs">{t('system.server')}</Title>
      <DataList facts={[
        [t('system.version'), info.version],
        [t('system.goVersion'), info.goVersion],
        [t('system.startedAt'), <Moment key="at" at={info.startedAt} />],
        [t('system.node'), <Code key="node">{info.node}</Code>],
        [t('system.store'), `${storeNames[info.store.kind] ?? info.store.kind} – ${info.store.ok ? t('system.storeOk') : t('system.storeDown.title')}`],
        // Absent for those who may not read the log.
        [t('system.auditLast'), info.audit && new Intl.NumberFormat(localeOf(i18n.language)).format(info.audit.last)],
        [t('system.auditHash'), info.audit && <Code key="hash">{info.audit.hash}</Code>],
      ]} />
    </Card>
  )
}

function Nodes({ nodes }: { nodes: SystemInfo['nodes'] }) {
  const { t } = useTranslation()
  return (
    <Card withBorder>
      <Title order={2} mb="xs" id="nodes">{t('system.nodes')}</Title>
      <WideTable labelledBy="nodes" minWidth={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('system.node')}</Table.Th>
            <Table.Th scope="col">{t('system.host')}</Table.Th>
            <Table.Th scope="col">{t('system.version')}</Table.Th>
            <Table.Th scope="col">{t('system.since')}</Table.Th>
            <Table.Th scope="col">{t('system.lastSeen')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {nodes.map((node) => (
            <Table.Tr key={node.id}>
              <Table.Td>
                <Code>{node.id}</Code> {node.self && <Badge variant="outline">{t('system.self')}</Badge>} {node.leader && <Badge variant="outline">{t('system.leader')}</Badge>}
              </Table.Td>
              <Table.Td>{node.host ?? '–'}</Table.Td>
              <Table.Td>{node.version || '–'}</Table.Td>
              <Table.Td><Moment at={node.since} /></Table.Td>
              <Table.Td><Moment at={node.lastSeen} /></Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
    </Card>
  )
}

function hasMixedVersions(nodes: SystemInfo['nodes']): boolean {
  return new Set(nodes.flatMap((node) => node.version ?? [])).size > 1
}
