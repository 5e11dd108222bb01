import { useSyncExternalStore } from 'react'

const minute = 60_000

/** The time of the last full tick, shared by all who show relative times, so that they change together. */
class Clock {
  private time = Date.now()
  private readonly listeners = new Set<() => void>()
  private timer?: ReturnType<typeof setInterval>

  readonly subscribe = (listener: () => void) => {
    if (this.listeners.size === 0) this.start()
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
      if (this.listeners.size === 0) clearInterval(this.timer)
    }
  }

  readonly read = () => this.time

  private start() {
    this.time = Date.now()
    this.timer = setInterval(() => {
      this.time = Date.now()
      for (const listener of this.listeners) listener()
    }, minute)
  }
}

const clock = new Clock()

/** The present in milliseconds, renewed once a minute. */
export function useNow(): number {
  return useSyncExternalStore(clock.subscribe, clock.read)
}
