import type { Change, Identified } from './patch'

/** How the stream stands. */
export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'off'

interface Handlers {
  onChange: (change: Change) => void
  /** Events may have been missed: what is shown has to be read anew. */
  onMissed: () => void
  onState: (state: LiveState) => void
  /** The server refused the stream: perhaps nobody is signed in any more. */
  onRefused: () => void
}

const kinds = ['device', 'task', 'session'] as const
const firstPause = 1000
const longestPause = 60_000
/**
 * How long a page may be hidden before it gives its connection back: over HTTP/1.1 a browser has six for
 * a server, so that a few forgotten tabs would block the one that is looked at.
 */
const hiddenPause = 30_000

/**
 * One stream of events that comes back whenever it breaks. After a broken connection the browser itself
 * asks again, with Last-Event-ID, and the server says whether something was missed. After a refusal it
 * gives up; then a new stream is opened after a growing pause, and everything counts as missed.
 */
export class LiveStream {
  private source?: EventSource
  private timer?: ReturnType<typeof setTimeout>
  private pause = firstPause
  private wasLive = false
  /** Runs while the page is hidden, until it rests. */
  private rest?: ReturnType<typeof setTimeout>
  private resting = false

  constructor(
    private readonly url: string,
    private readonly handlers: Handlers,
    private readonly open: (url: string) => EventSource = (url) => new EventSource(url),
    private readonly random: () => number = Math.random,
  ) {}

  start() {
    this.handlers.onState('connecting')
    window.addEventListener('online', this.retryNow)
    document.addEventListener('visibilitychange', this.look)
    this.connect()
    this.look()
  }

  stop() {
    window.removeEventListener('online', this.retryNow)
    document.removeEventListener('visibilitychange', this.look)
    clearTimeout(this.timer)
    clearTimeout(this.rest)
    this.source?.close()
    this.handlers.onState('off')
  }

  private connect() {
    // A new stream, other than one that the browser resumes, cannot say what it saw last.
    let missed = this.wasLive
    const source = this.open(this.url)
    this.source = source
    source.onopen = () => {
      this.pause = firstPause
      this.handlers.onState('live')
      if (missed) this.handlers.onMissed()
      missed = false
      this.wasLive = true
    }
    source.onerror = () => this.broken(source)
    source.addEventListener('overflow', this.handlers.onMissed)
    for (const kind of kinds) source.addEventListener(kind, (event) => this.changed(kind, event.data as string))
  }

  private changed(kind: Change['kind'], data: string) {
    const thing = JSON.parse(data) as Identified & { deleted?: boolean }
    this.handlers.onChange(thing.deleted ? { kind, id: thing.id } : { kind, id: thing.id, now: thing })
  }

  private broken(source: EventSource) {
    this.handlers.onState('reconnecting')
    if (source.readyState !== EventSource.CLOSED) return
    this.handlers.onRefused()
    const pause = this.pause * (0.5 + this.random())
    this.pause = Math.min(2 * this.pause, longestPause)
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.reopen(), pause)
  }

  private readonly retryNow = () => this.reopen()

  private readonly look = () => {
    clearTimeout(this.rest)
    if (document.hidden) {
      this.rest = setTimeout(() => this.pauseWhileHidden(), hiddenPause)
      return
    }
    if (!this.resting) return
    this.resting = false
    this.reopen()
  }

  private pauseWhileHidden() {
    this.resting = true
    clearTimeout(this.timer)
    this.source?.close()
    this.handlers.onState('reconnecting')
  }

  private reopen() {
    if (this.resting) return
    clearTimeout(this.timer)
    this.source?.close()
    this.connect()
  }
}
