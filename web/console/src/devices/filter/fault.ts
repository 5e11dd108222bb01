import { asProblem } from '@/api/problem'
import { atByte } from './position'
import { scan } from './scan'

/** What is wrong with a filter, and with which part of its text. */
export interface Fault {
  from: number
  to: number
  message: string
}

/** Finds what the server says of a filter in the problem that it answered with; undefined if that is about something else. */
export function faultOf(text: string, thrown: unknown): Fault | undefined {
  if (!thrown) return undefined
  const error = asProblem(thrown).errors.find((e) => e.location === 'query.filter' || e.location === 'body.filter')
  if (!error) return undefined
  const at = atByte(text, error.position ?? 0)
  const token = scan(text).find((t) => t.from <= at && at < t.to)
  // At the end there is nothing to mark but what stands before it.
  const from = at < text.length ? at : Math.max(0, text.trimEnd().length - 1)
  return { from, to: token ? token.to : Math.min(text.length, from + 1), message: error.message }
}
