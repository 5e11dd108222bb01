import { Anchor, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '@/api/keys'
import type { Task } from '@/api/types'
import { TaskStateBadge } from '@/parts/StateBadge'
import { queueTask, taskQuery, useTaskKept, type TaskBody } from './api'
import { FaultExplanation } from './FaultExplanation'
import { isOpen } from './kinds'

const shown = 6000

/** Shows a task in a notification that changes with it until it ends; one that failed stays until closed. */
export function followTask(task: Task, device: string, onOpen: (task: Task) => void) {
  const id = `task-${task.id}`
  notifications.show({ id, autoClose: false, withBorder: true, message: <TaskNotice task={task} device={device} notice={id} onOpen={onOpen} /> })
}

interface TaskNoticeProps {
  task: Task
  /** What the device is called. */
  device: string
  /** The id of the notification that shows this. */
  notice: string
  onOpen: (task: Task) => void
}

function TaskNotice({ task: first, device, notice, onOpen }: TaskNoticeProps) {
  const { t } = useTranslation()
  // The phone may have done it before the answer to queueing it came, so that its events met nobody: it is read once more.
  const { data: task = first } = useQuery({ ...taskQuery(first.id), initialData: first, staleTime: 0 })
  const ended = !isOpen(task.state)
  const good = task.state === 'succeeded'
  useEffect(() => {
    if (!good) return
    const timer = setTimeout(() => notifications.hide(notice), shown)
    return () => clearTimeout(timer)
  }, [good, notice])
  const open = () => {
    notifications.hide(notice)
    onOpen(task)
  }
  return (
    <div>
      <Text fw={600}>{t(`task.kind.${task.kind}.name`)} · {device}</Text>
      <TaskStateBadge state={task.state} />
      {!ended && <Text size="xs" c="dimmed">{t(`task.state.${task.state}`)}</Text>}
      {task.fault && <FaultExplanation fault={task.fault} brief />}
      <Anchor component="button" type="button" size="xs" mt={4} display="block" onClick={open}>{t('task.details')}</Anchor>
    </div>
  )
}

/** Returns what queues tasks for a device and follows them in notifications. It throws a ProblemError if the server refuses. */
export function useQueueAndFollow(device: { id: string; name: string }, onOpen: (task: Task) => void) {
  const client = useQueryClient()
  const keep = useTaskKept()
  return async (body: TaskBody): Promise<Task> => {
    const task = await queueTask(device.id, body)
    // An event may have been faster than the answer.
    const known = client.getQueryData<Task>(keys.task(task.id)) ?? task
    keep(known)
    followTask(known, device.name, onOpen)
    return known
  }
}
