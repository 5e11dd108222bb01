import type { Change } from './patch'

type Schedule = (flush: () => void) => void

/** Frames do not come while the page is hidden. */
export const nextFrame: Schedule = (flush) => {
  if (document.hidden) setTimeout(flush, 1000)
  else requestAnimationFrame(flush)
}

/** Collects changes and hands them over once per frame, of each thing only the newest. */
export class Batch {
  private waiting = new Map<string, Change>()

  constructor(
    private readonly deliver: (changes: Change[]) => void,
    private readonly schedule: Schedule = nextFrame,
  ) {}

  add(change: Change) {
    if (this.waiting.size === 0) this.schedule(() => this.flush())
    const key = `${change.kind} ${change.id}`
    // Deleting first moves it to the end, where the newest are.
    this.waiting.delete(key)
    this.waiting.set(key, change)
  }

  private flush() {
    const changes = [...this.waiting.values()]
    this.waiting = new Map()
    this.deliver(changes)
  }
}
