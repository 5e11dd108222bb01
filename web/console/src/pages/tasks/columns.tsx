import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Task } from '@/api/types'
import type { Column } from '@/listing/VirtualTable'
import { Actor } from '@/parts/Actor'
import { TaskStateBadge } from '@/parts/StateBadge'
import { faultName } from '@/tasks/faults'
import { KindName, TaskSubject } from '@/tasks/KindName'
import { Moment } from '@/time/Moment'
import { DeviceName } from '@/devices/DeviceName'

/** The columns of the list of tasks. */
export function useTaskColumns(): Column<Task>[] {
  const { t } = useTranslation()
  return useMemo(
    () => [
      { key: 'kind', title: t('tasks.kind'), width: 'minmax(9rem, 1.2fr)', cell: (task) => <KindName kind={task.kind} /> },
      { key: 'state', title: t('tasks.state'), width: '9rem', cell: (task) => <TaskStateBadge state={task.state} /> },
      { key: 'device', title: t('tasks.deviceColumn'), width: 'minmax(9rem, 1.4fr)', cell: (task) => <DeviceName id={task.device} /> },
      { key: 'subject', title: t('tasks.subject'), width: 'minmax(9rem, 2fr)', cell: (task) => <Subject task={task} /> },
      { key: 'createdBy', title: t('task.createdBy'), width: 'minmax(7rem, 1fr)', cell: (task) => <Actor actor={task.createdBy} /> },
      { key: 'createdAt', title: t('task.createdAt'), width: '8rem', cell: (task) => <Moment at={task.createdAt} /> },
      { key: 'finishedAt', title: t('task.finishedAt'), width: '8rem', cell: (task) => <Moment at={task.finishedAt} never="–" /> },
    ],
    [t],
  )
}

/** What a task is about, or why it failed. */
function Subject({ task }: { task: Task }) {
  const { t } = useTranslation()
  if (task.state === 'failed' && task.fault) return <span>{task.fault.code > 0 && `${task.fault.code} `}{t(`task.fault.${faultName(task.fault)}.meaning`)}</span>
  return <TaskSubject task={task} />
}
