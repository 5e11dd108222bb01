import { setTimeout as pause } from 'node:timers/promises'

interface Patience {
  /** Milliseconds; 15 seconds if absent. */
  within?: number
}

/** Asks over and over until something comes of it, and returns that. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined | false>, { within = 15_000 }: Patience = {}): Promise<T> {
  const end = Date.now() + within
  let last: unknown
  do {
    try {
      const got = await ask()
      if (got) return got
    } catch (thrown) {
      last = thrown
    }
    await pause(100)
  } while (Date.now() < end)
  throw new Error(`not within ${within} ms: ${what}`, { cause: last })
}
