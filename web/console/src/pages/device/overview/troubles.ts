import type { Task } from '@/api/types'
import { mayRetry } from '@/tasks/kinds'
import { subjectOf } from '@/tasks/subject'

const recent = 7 * 24 * 3_600_000

/** The task that failed or expired last and that nobody has seen to: not retried, and not done since. Tasks come the newest first. */
export function lastTrouble(tasks: readonly Task[], now: number): Task | undefined {
  const done = new Set<string>()
  for (const task of tasks) {
    if (task.state === 'succeeded') done.add(workOf(task))
    const ended = task.finishedAt ? Date.parse(task.finishedAt) : NaN
    const trouble = mayRetry(task.state) && task.state !== 'cancelled' && !task.retriedBy
    if (trouble && now - ended < recent && !done.has(workOf(task))) return task
  }
  return undefined
}

function workOf(task: Task): string {
  return `${task.kind} ${subjectOf(task)?.text ?? ''}`
}
