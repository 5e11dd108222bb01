import { Alert, Anchor, Badge, Button, Card, Code, Group, List, SimpleGrid, Table, Text, Title } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/auth/me'
import { DataList } from '@/parts/DataList'
import { DeviceStateBadge, TaskStateBadge } from '@/parts/StateBadge'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { KindName, TaskSubject } from '@/tasks/KindName'
import { isOpen } from '@/tasks/kinds'
import { duration } from '@/time/format'
import { Moment } from '@/time/Moment'
import { deviceTasksQuery } from '../api'
import { useDeviceScope } from '../context'
import { EventName } from '../EventName'
import { SentFiles } from '../files/SentFiles'
import { useDeviceSearch } from '../search'
import { EditDevice } from './EditDevice'
import { Trouble } from './Trouble'

/** What is known of the device at a glance. */
export function Overview() {
  const { device } = useDeviceScope()
  const mayTasks = useMay('tasks.read')
  const mayFiles = useMay('files.read')
  return (
    <>
      {!device.lastInform && <NeverSeen />}
      {mayTasks && <Trouble />}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Identity />
        <State />
        {mayTasks && <OpenTasks />}
        <Indexed />
        {device.events.length > 0 && <Events />}
        {mayFiles && <Sent />}
      </SimpleGrid>
    </>
  )
}

function Part({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <Card withBorder component="section" aria-label={title}>
      <Group justify="space-between" mb="xs"><Title order={2}>{title}</Title>{action}</Group>
      {children}
    </Card>
  )
}

function NeverSeen() {
  const { t } = useTranslation()
  return (
    <Alert variant="outline" mb="md" icon={<IconInfoCircle aria-hidden />} title={t('device.never.title')}>
      <Text mb={4}>{t('device.never.explanation')}</Text>
      <List type="ordered" size="sm" spacing={2}>
        <List.Item>{t('device.never.url')}</List.Item>
        <List.Item>{t('device.never.login')}</List.Item>
        <List.Item>{t('device.never.restart')}</List.Item>
      </List>
    </Alert>
  )
}

function Identity() {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const may = useMay('devices.write')
  const [editing, setEditing] = useState(false)
  return (
    <Part title={t('device.identity')} action={may && <Button size="xs" variant="default" onClick={() => setEditing(true)}>{t('device.edit.action')}</Button>}>
      <DataList facts={[
        [t('device.manufacturer'), device.manufacturer],
        [t('device.model'), device.model],
        [t('device.serialNumber'), <Code key="serial">{device.serialNumber || '–'}</Code>],
        [t('device.mac'), device.mac && <Code key="mac">{device.mac}</Code>],
        ['OUI', device.oui],
        [t('device.productClass'), device.productClass],
        [t('device.hardwareVersion'), device.hardwareVersion],
        [t('device.softwareVersion'), device.softwareVersion],
        [t('device.group'), device.group || t('device.noGroup')],
        [t('device.tags'), device.tags.length === 0 ? '' : <Group key="tags" gap={4}>{device.tags.map((tag) => <Badge key={tag} variant="outline" tt="none">{tag}</Badge>)}</Group>],
        [t('device.id'), <Code key="id">{device.id}</Code>],
      ]} />
      <EditDevice opened={editing} onClose={() => setEditing(false)} />
    </Part>
  )
}

function State() {
  const { t, i18n } = useTranslation()
  const { device } = useDeviceScope()
  const every = device.informInterval > 0 ? duration(device.informInterval * 1000, i18n.language) : t('device.unknown')
  return (
    <Part title={t('device.stateTitle')}>
      <DataList facts={[
        [t('device.state'), <span key="state"><DeviceStateBadge state={device.state} /> – {t(`device.stateMeans.${device.state}`)}</span>],
        [t('device.lastInform'), <Moment key="at" at={device.lastInform} />],
        [t('device.informInterval'), every],
        [t('device.address'), device.address],
        [t('device.lastBoot'), <Moment key="at" at={device.lastBoot} never={t('device.unknown')} />],
        [t('device.lastBootstrap'), <Moment key="at" at={device.lastBootstrap} never={t('device.unknown')} />],
        [t('device.firstSeen'), <Moment key="at" at={device.firstSeen} />],
        [t('device.parameterKey'), device.parameterKey],
        [t('device.connectionRequest'), device.connectionRequestURL ? <Code key="url" style={{ overflowWrap: 'anywhere' }}>{device.connectionRequestURL}</Code> : t('device.noConnectionRequest')],
      ]} />
    </Part>
  )
}

function OpenTasks() {
  const { t } = useTranslation()
  const { device, openTask } = useDeviceScope()
  const [, change] = useDeviceSearch()
  const tasks = useInfiniteQuery(deviceTasksQuery(device.id))
  const open = (tasks.data?.pages ?? []).flatMap((page) => page.items).filter((task) => isOpen(task.state))
  return (
    <Part title={t('device.openTasks.title')} action={<Button size="xs" variant="default" onClick={() => change({ tab: 'tasks' })}>{t('device.openTasks.all')}</Button>}>
      <ProblemAlert problem={tasks.error} />
      {tasks.data && open.length === 0 && <Text c="dimmed">{t('device.openTasks.none')}</Text>}
      {open.length > 0 && (
        <Table aria-label={t('device.openTasks.title')}>
          <Table.Tbody>
            {open.map((task) => (
              <Table.Tr key={task.id}>
                <Table.Td><Anchor component="button" type="button" ta="left" onClick={() => openTask(task.id)}><KindName kind={task.kind} /></Anchor> <TaskSubject task={task} /></Table.Td>
                <Table.Td w={130}><TaskStateBadge state={task.state} /></Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Part>
  )
}

function Indexed() {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const facts = Object.entries(device.indexed).sort(([a], [b]) => a.localeCompare(b))
  return (
    <Part title={t('device.indexed.title')}>
      <Text c="dimmed" size="xs" mb="xs">{t('device.indexed.explanation')}</Text>
      {facts.length === 0 ? <Text c="dimmed">{t('device.indexed.none')}</Text> : <DataList facts={facts} />}
    </Part>
  )
}

function Sent() {
  const { t } = useTranslation()
  return (
    <Card withBorder component="section" aria-labelledby="sent">
      <Title order={2} id="sent">{t('device.sent.title')}</Title>
      <Text c="dimmed" size="xs" mb="xs">{t('device.sent.explanation')}</Text>
      <SentFiles labelledBy="sent" />
    </Card>
  )
}

function Events() {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  return (
    <Part title={t('device.events.title')}>
      <Text c="dimmed" size="xs" mb="xs">{t('device.events.explanation')}</Text>
      <DataList facts={[...device.events].reverse().map((event, i) => [`${i + 1}. ${event.code}`, (
        <span key={i}><EventName code={event.code} /> · <Moment at={event.at} />{event.commandKey && <> · <Code>{event.commandKey}</Code></>}</span>
      )] as const)} />
    </Part>
  )
}
