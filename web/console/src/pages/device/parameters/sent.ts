import { useQueries } from '@tanstack/react-query'
import type { Task } from '@/api/types'
import { taskQuery } from '@/tasks/api'
import { faultAt, type Fault } from '@/tasks/faults'
import { isOpen } from '@/tasks/kinds'
import { useDrafts } from './drafts'

/** How a value that was sent stands: on its way, taken (perhaps in force only later), or refused. */
export type SentState =
  | { state: 'pending'; task: string }
  | { state: 'taken'; task: string; later: boolean }
  | { state: 'refused'; task: string; fault: Fault | null; own: ReturnType<typeof faultAt> }

/** How every value stands that was sent from this page, by its path. */
export function useSentStates(): ReadonlyMap<string, SentState> {
  const { sent } = useDrafts()
  const ids = [...new Set([...sent.values()].map((s) => s.task))]
  const tasks = useQueries({ queries: ids.map(taskQuery) })
  const known = new Map(ids.map((id, i) => [id, tasks[i]?.data]))
  return new Map([...sent].map(([path, { task }]) => [path, stateAt(task, known.get(task), path)]))
}

/** How one value stands in the task that it was sent with. */
export function stateAt(id: string, task: Pick<Task, 'state' | 'result' | 'fault'> | undefined, path: string): SentState {
  if (!task || isOpen(task.state)) return { state: 'pending', task: id }
  if (task.state !== 'succeeded') return { state: 'refused', task: id, fault: task.fault, own: faultAt(task.fault, path) }
  const later = task.result !== null && 'status' in task.result && task.result.status === 1
  return { state: 'taken', task: id, later }
}
