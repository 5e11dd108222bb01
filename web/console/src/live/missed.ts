import type { QueryClient } from '@tanstack/react-query'

// What events keep up to date, and what is counted from it.
const followed = new Set(['device', 'devices', 'task', 'tasks', 'sessions', 'timeline', 'bulk', 'deviceSummary', 'attention', 'taskCauses', 'convergence'])
const counted = new Set(['deviceSummary', 'attention', 'taskCauses'])
const leastGap = 3000

/** Has what events follow read anew, now where it is on the screen and later where it is not; at most every few seconds. */
export class Renewal {
  private timer?: ReturnType<typeof setTimeout>
  private last = -Infinity

  constructor(
    private readonly client: QueryClient,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Everything that events follow is stale. */
  missed() {
    if (this.timer) return
    const wait = Math.max(0, this.last + leastGap - this.now())
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.last = this.now()
      void this.client.invalidateQueries({ predicate: (query) => followed.has(String(query.queryKey[0])) })
    }, wait)
  }

  stop() {
    clearTimeout(this.timer)
    this.timer = undefined
  }
}

const countGap = 10_000

/** Has counts over things that changed read anew, at most every ten seconds. */
export class Recount {
  private timer?: ReturnType<typeof setTimeout>

  constructor(private readonly client: QueryClient) {}

  changed() {
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      void this.client.invalidateQueries({ predicate: (query) => counted.has(String(query.queryKey[0])) })
    }, countGap)
  }

  stop() {
    clearTimeout(this.timer)
    this.timer = undefined
  }
}
