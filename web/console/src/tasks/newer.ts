import type { Task } from '@/api/types'
import { isOpen } from './kinds'

/**
 * The later of two states of one task. An answer and an event overtake each other on the way: a task that
 * ended does not open again, and of two open ones that with the later step counts.
 */
export function newer(known: Task | undefined, read: Task): Task {
  if (!known) return read
  const ended = Number(isOpen(read.state)) - Number(isOpen(known.state))
  if (ended !== 0) return ended > 0 ? known : read
  return lastStep(known) > lastStep(read) ? known : read
}

function lastStep(task: Task): number {
  return Date.parse(task.timeline.at(-1)?.at ?? task.createdAt)
}
