import { Anchor, Button, Table, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Task } from '@/api/types'
import { Actor } from '@/parts/Actor'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { TaskStateBadge } from '@/parts/StateBadge'
import { faultName } from '@/tasks/faults'
import { KindName, TaskSubject } from '@/tasks/KindName'
import { Moment } from '@/time/Moment'
import { deviceTasksQuery } from '../api'
import { useDeviceScope } from '../context'
import { LoadMore } from '../LoadMore'
import { useDeviceSearch } from '../search'

/** The tasks of the device, the newest first, as they stand right now. */
export function DeviceTasks() {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const [, change] = useDeviceSearch()
  const tasks = useInfiniteQuery(deviceTasksQuery(device.id))
  return (
    <>
      <Text c="dimmed" size="xs" mb="xs" maw="60rem">{t('device.tasks.explanation')}</Text>
      <Loaded query={tasks}>
        {({ pages }) => {
          const all = pages.flatMap((page) => page.items)
          if (all.length === 0) return <EmptyState title={t('device.tasks.none')} action={<Button onClick={() => change({ tab: 'parameters' })}>{t('device.tasks.begin')}</Button>}>{t('device.tasks.noneTry')}</EmptyState>
          return <TaskTable tasks={all} />
        }}
      </Loaded>
      <LoadMore query={tasks} />
    </>
  )
}

function TaskTable({ tasks }: { tasks: Task[] }) {
  const { t } = useTranslation()
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table aria-label={t('device.tab.tasks')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('device.tasks.task')}</Table.Th>
            <Table.Th scope="col">{t('device.tasks.state')}</Table.Th>
            <Table.Th scope="col">{t('task.createdAt')}</Table.Th>
            <Table.Th scope="col">{t('task.finishedAt')}</Table.Th>
            <Table.Th scope="col">{t('task.createdBy')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{tasks.map((task) => <TaskRow key={task.id} task={task} />)}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function TaskRow({ task }: { task: Task }) {
  const { t } = useTranslation()
  const { openTask } = useDeviceScope()
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component="button" type="button" ta="left" onClick={() => openTask(task.id)}><KindName kind={task.kind} /></Anchor>
        <div><TaskSubject task={task} /></div>
      </Table.Td>
      <Table.Td>
        <TaskStateBadge state={task.state} />
        {task.fault && task.state === 'failed' && <Text size="xs" c="dimmed">{t(`task.fault.${faultName(task.fault)}.meaning`)}</Text>}
      </Table.Td>
      <Table.Td><Moment at={task.createdAt} /></Table.Td>
      <Table.Td><Moment at={task.finishedAt} never="–" /></Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}><Actor actor={task.createdBy} /></Table.Td>
    </Table.Tr>
  )
}
