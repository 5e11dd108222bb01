import { Anchor, Card, Group, Text, Title } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { FaultExplanation } from '@/tasks/FaultExplanation'
import { KindName, TaskSubject } from '@/tasks/KindName'
import { TaskButtons } from '@/tasks/TaskButtons'
import { useNow } from '@/time/now'
import { Moment } from '@/time/Moment'
import { deviceTasksQuery } from '../api'
import { useDeviceScope } from '../context'
import { lastTrouble } from './troubles'

/** What went wrong with the device last, why, and the way to try it again: what somebody who opens its page looks for first. */
export function Trouble() {
  const { t } = useTranslation()
  const { device, openTask } = useDeviceScope()
  const tasks = useInfiniteQuery(deviceTasksQuery(device.id))
  const now = useNow()
  const task = lastTrouble((tasks.data?.pages ?? []).flatMap((page) => page.items), now)
  if (!task) return null
  return (
    <Card withBorder component="section" aria-labelledby="trouble" mb="md">
      <Group justify="space-between" mb="xs">
        <Title order={2} id="trouble">{t('device.trouble.title')}</Title>
        <TaskButtons task={task} onRetried={(retry) => openTask(retry.id)} />
      </Group>
      <Text mb="xs">
        <Anchor component="button" type="button" ta="left" onClick={() => openTask(task.id)}><KindName kind={task.kind} /></Anchor>{' '}
        <TaskSubject task={task} /> <Text span c="dimmed"><Moment at={task.finishedAt} /></Text>
      </Text>
      {task.fault ? <FaultExplanation fault={task.fault} brief /> : <Text>{t(`task.state.${task.state}`)}</Text>}
    </Card>
  )
}
