import type { RetryOutcome } from '@/api/types'

/** How far a retry of many tasks is. */
export interface RetryProgress {
  retried: number
  refused: number
  remaining: number
  /** Some of the refused, with the reason. */
  refusals: RetryOutcome['refusals']
}

interface RetryLoop {
  /** Retries as many as one call does. */
  step: () => Promise<Pick<RetryOutcome, 'retried' | 'refused' | 'remaining' | 'refusals'>>
  /** Asked before each call. */
  stopped: () => boolean
  onProgress: (progress: RetryProgress) => void
}

/**
 * Calls again until nothing remains, or it is stopped. What one call refused comes again in the next, so
 * that only the refusals of the last call count. A call that retries nothing ends it, too: the next would not either.
 */
export async function retryAll({ step, stopped, onProgress }: RetryLoop): Promise<RetryProgress> {
  let all: RetryProgress = { retried: 0, refused: 0, remaining: 1, refusals: [] }
  while (all.remaining > 0 && !stopped()) {
    const one = await step()
    all = { retried: all.retried + one.retried, refused: one.refused, remaining: one.remaining, refusals: one.refusals }
    onProgress(all)
    if (one.retried === 0) break
  }
  return all
}
