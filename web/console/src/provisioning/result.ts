import type { Fetch } from '@/api/types'

/** What came of a request. */
export type FetchOutcome = 'given' | 'unchanged' | 'cut' | 'unknownFile' | 'refused' | 'failed'

/** Returns what came of a request by its status, and whether all of it was sent. */
export function resultOf({ status, complete }: Pick<Fetch, 'status' | 'complete'>): FetchOutcome {
  if (status === 304) return 'unchanged'
  if (status >= 500) return 'failed'
  if (status === 404) return 'unknownFile'
  if (status >= 400) return 'refused'
  return complete ? 'given' : 'cut'
}
