import type { Task } from '@/api/types'
import { allOf, oneOf } from '@/listing/filters'

/** Which tasks the list shows. */
export interface TaskChoice {
  /** What somebody typed, in the filter language. */
  filter: string
  states: readonly string[]
  kinds: readonly string[]
}

/** The filter of all that was chosen. */
export function filterOf({ filter, states, kinds }: TaskChoice): string {
  return allOf(filter, oneOf('state', states), oneOf('kind', kinds))
}

/**
 * Returns what tells whether a new task belongs to the list; undefined where only the server can tell,
 * because something was typed.
 */
export function belongsTo({ filter, states, kinds }: TaskChoice): ((task: Pick<Task, 'state' | 'kind'>) => boolean) | undefined {
  if (filter.trim() !== '') return undefined
  return (task) => (states.length === 0 || states.includes(task.state)) && (kinds.length === 0 || kinds.includes(task.kind))
}
