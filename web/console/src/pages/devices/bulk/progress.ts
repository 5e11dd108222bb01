import type { Bulk } from '@/api/types'

/** How far some bulks came together. */
export interface BulkProgress {
  done: number
  refused: number
  running: boolean
  cancelled: boolean
  /** The server could not go on with one of them. */
  failed: boolean
  /** Why the last device was refused, or why it failed. */
  lastError: string
}

export function progressOf(bulks: readonly Bulk[]): BulkProgress {
  return {
    done: bulks.reduce((sum, b) => sum + b.queued, 0),
    refused: bulks.reduce((sum, b) => sum + b.refused, 0),
    running: bulks.some((b) => b.state === 'running'),
    cancelled: bulks.some((b) => b.state === 'cancelled'),
    failed: bulks.some((b) => b.state === 'failed'),
    // What stopped the work says more than what it passed by.
    lastError: bulks.find((b) => b.state === 'failed' && b.lastError !== '')?.lastError ?? bulks.findLast((b) => b.lastError !== '')?.lastError ?? '',
  }
}

/** In percent, for a bar. Devices come and go meanwhile, so that it may be more than were counted before. */
export function percentOf({ done, refused, running, failed }: BulkProgress, matched: number): number {
  if (!running && !failed) return 100
  return matched === 0 ? 0 : Math.min(99, Math.floor((100 * (done + refused)) / matched))
}
