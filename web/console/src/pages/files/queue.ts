import type { File as StoredFile } from '@/api/types'
import type { FileFields } from './fields'

/** How a file of the queue stands. */
export type Stage =
  | { stage: 'ready' }
  | { stage: 'waiting' }
  | { stage: 'sending'; part: number }
  | { stage: 'done'; stored: StoredFile; checksum: 'same' | 'different' | 'unknown' }
  | { stage: 'failed'; problem: unknown }

/** A file that is to be uploaded. */
export interface Queued {
  id: number
  file: File
  fields: FileFields
  state: Stage
}

export type QueueAction =
  | { do: 'add'; files: readonly Queued[] }
  | { do: 'edit'; id: number; fields: FileFields }
  | { do: 'remove'; id: number }
  | { do: 'start'; ids: readonly number[] }
  | { do: 'stage'; id: number; state: Stage }

/** The queue after an action. What is on its way is neither edited nor started again. */
export function queueAfter(queue: readonly Queued[], action: QueueAction): readonly Queued[] {
  switch (action.do) {
    case 'add': return [...queue, ...action.files]
    case 'remove': return queue.filter((one) => one.id !== action.id)
    case 'edit': return queue.map((one) => (one.id === action.id && isOpen(one) ? { ...one, fields: action.fields, state: { stage: 'ready' } } : one))
    case 'start': return queue.map((one) => (action.ids.includes(one.id) && isOpen(one) ? { ...one, state: { stage: 'waiting' } } : one))
    case 'stage': return queue.map((one) => (one.id === action.id ? { ...one, state: action.state } : one))
  }
}

/** Reports whether it can still be edited and started. */
export function isOpen({ state }: Queued): boolean {
  return state.stage === 'ready' || state.stage === 'failed'
}

/** The file to send now: the first that waits, unless one is on its way. */
export function nextOf(queue: readonly Queued[]): Queued | undefined {
  return queue.some(({ state }) => state.stage === 'sending') ? undefined : queue.find(({ state }) => state.stage === 'waiting')
}
