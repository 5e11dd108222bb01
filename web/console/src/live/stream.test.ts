import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LiveStream } from './stream'

class FakeSource extends EventTarget {
  readyState = 0
  onopen?: () => void
  onerror?: () => void
  closed = false
  close() {
    this.closed = true
  }
  opened() {
    this.readyState = 1
    this.onopen?.()
  }
  failed(readyState: number) {
    this.readyState = readyState
    this.onerror?.()
  }
  tell(kind: string, data: object) {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }))
  }
}

const connecting = 0
const closed = 2
let sources: FakeSource[]
const handlers = { onChange: vi.fn(), onMissed: vi.fn(), onState: vi.fn(), onRefused: vi.fn() }

function start() {
  const stream = new LiveStream('/events', handlers, () => {
    const source = new FakeSource()
    sources.push(source)
    return source as unknown as EventSource
  }, () => 0.5)
  stream.start()
  return stream
}

beforeEach(() => {
  sources = []
  vi.clearAllMocks()
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', { CLOSED: closed })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('LiveStream', () => {
  it('tells what changed and what is gone', () => {
    const stream = start()
    sources[0]!.opened()
    sources[0]!.tell('device', { id: 'a', online: true })
    sources[0]!.tell('device', { id: 'b', deleted: true })
    expect(handlers.onChange.mock.calls).toEqual([[{ kind: 'device', id: 'a', now: { id: 'a', online: true } }], [{ kind: 'device', id: 'b' }]])
    stream.stop()
    expect(sources[0]!.closed).toBe(true)
  })

  it('leaves a broken connection to the browser, which resumes it', () => {
    const stream = start()
    sources[0]!.opened()
    sources[0]!.failed(connecting)
    vi.advanceTimersByTime(600_000)
    expect(sources).toHaveLength(1)
    sources[0]!.opened()
    expect(handlers.onState.mock.calls.map(([state]) => state as string)).toEqual(['connecting', 'live', 'reconnecting', 'live'])
    expect(handlers.onMissed).not.toHaveBeenCalled()
    expect(handlers.onRefused).not.toHaveBeenCalled()
    stream.stop()
  })

  it('opens a new stream after a refusal, later each time, and takes everything for missed', () => {
    const stream = start()
    sources[0]!.opened()
    sources[0]!.failed(closed)
    expect(handlers.onRefused).toHaveBeenCalledOnce()
    vi.advanceTimersByTime(999)
    expect(sources).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(sources).toHaveLength(2)
    sources[1]!.failed(closed)
    vi.advanceTimersByTime(1999)
    expect(sources).toHaveLength(2)
    vi.advanceTimersByTime(1)
    sources[2]!.opened()
    expect(handlers.onMissed).toHaveBeenCalledOnce()
    stream.stop()
  })

  it('missed nothing if it was never live', () => {
    const stream = start()
    sources[0]!.failed(closed)
    vi.advanceTimersByTime(1000)
    sources[1]!.opened()
    expect(handlers.onMissed).not.toHaveBeenCalled()
    stream.stop()
  })

  it('waits at most a minute and a half, and no longer once the network is back', () => {
    const stream = start()
    for (let i = 0; i < 12; i++) {
      sources.at(-1)!.failed(closed)
      vi.advanceTimersByTime(90_000)
    }
    expect(sources).toHaveLength(13)
    sources.at(-1)!.failed(closed)
    window.dispatchEvent(new Event('online'))
    expect(sources).toHaveLength(14)
    stream.stop()
    vi.advanceTimersByTime(600_000)
    window.dispatchEvent(new Event('online'))
    expect(sources).toHaveLength(14)
  })

  it('passes on that events were missed', () => {
    const stream = start()
    sources[0]!.opened()
    sources[0]!.tell('overflow', { message: 'x' })
    expect(handlers.onMissed).toHaveBeenCalledOnce()
    stream.stop()
  })

  it('gives its connection back while the page is hidden, and reads anew when it is seen again', () => {
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(false)
    const stream = start()
    sources[0]!.opened()
    hidden.mockReturnValue(true)
    document.dispatchEvent(new Event('visibilitychange'))
    vi.advanceTimersByTime(29_000)
    expect(sources[0]!.closed).toBe(false)
    vi.advanceTimersByTime(2_000)
    expect(sources[0]!.closed).toBe(true)
    window.dispatchEvent(new Event('online'))
    expect(sources).toHaveLength(1)

    hidden.mockReturnValue(false)
    document.dispatchEvent(new Event('visibilitychange'))
    sources[1]!.opened()
    expect(handlers.onMissed).toHaveBeenCalledTimes(1)
    stream.stop()
    hidden.mockRestore()
  })
})
