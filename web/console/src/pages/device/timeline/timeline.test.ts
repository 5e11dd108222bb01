import { describe, expect, it } from 'vitest'
import type { DeviceSession, Task, TimelineItem } from '@/api/types'
import { linesOf, readKinds, timelineKinds, writeKinds } from './days'
import { itemsOf, withItems } from './live'

const session = (id: string, endedAt: string, rest: Partial<DeviceSession> = {}): DeviceSession =>
  ({ id, device: 'd', events: ['1 BOOT'], startedAt: endedAt, endedAt, outcome: 'completed', rpcs: 0, address: '', node: '', calls: [], retryCount: 0, ...rest })
const item = (id: string, at: string): TimelineItem => ({ at, kind: 'session', session: session(id, at) })
const event = (at: string): TimelineItem => ({ at, kind: 'event', event: { code: '1 BOOT', commandKey: '', at } })

describe('the kinds in the address', () => {
  it('are all unless some are named', () => {
    expect(readKinds(undefined)).toEqual(timelineKinds)
    expect(readKinds('nonsense')).toEqual(timelineKinds)
    expect(readKinds('event,task')).toEqual(['task', 'event'])
  })
  it('are left out if they are all', () => {
    expect(writeKinds([...timelineKinds])).toBeUndefined()
    expect(writeKinds([])).toBeUndefined()
    expect(writeKinds(['event', 'task'])).toBe('task,event')
  })
})

describe('the lines of a timeline', () => {
  // Noon is the same day in every zone of the viewer's but the outermost.
  const items = [item('c', '2031-03-02T12:00:01Z'), event('2031-03-02T12:00:00Z'), item('a', '2031-03-01T12:00:00Z'), item('a', '2031-03-01T12:00:00Z')]
  it('begin each day with its name and have nothing twice', () => {
    expect(linesOf(items, timelineKinds).map((line) => line.kind)).toEqual(['day', 'item', 'item', 'day', 'item'])
  })
  it('have no day of which nothing is wanted', () => {
    expect(linesOf(items, ['event']).map((line) => line.kind)).toEqual(['day', 'item'])
  })
})

describe('what just happened', () => {
  const task = { id: 't', device: 'd', timeline: [{ state: 'queued', at: '2031-03-01T10:00:00Z' }, { state: 'running', at: '2031-03-01T10:00:05Z', reason: 'x' }] } as Task
  it('is the newest step of a task and a session of this device', () => {
    const items = itemsOf([
      { kind: 'task', id: 't', now: task }, { kind: 'task', id: 'u', now: { ...task, id: 'u', device: 'other' } as Task },
      { kind: 'session', id: 's', now: session('s', '2031-03-01T10:00:06Z') },
      { kind: 'session', id: 'p', now: session('p', '2031-03-01T10:00:07Z', { events: ['2 PERIODIC'] }) },
      { kind: 'device', id: 'd', now: { id: 'd' } },
    ], 'd')
    expect(items.map((i) => [i.kind, i.at])).toEqual([['task', '2031-03-01T10:00:05Z'], ['session', '2031-03-01T10:00:06Z']])
  })
  it('comes once, in its place in time', () => {
    const old = { pages: [{ items: [item('b', '2031-03-01T12:00:00Z')], nextPageToken: 'x' }, { items: [item('a', '2031-02-01T12:00:00Z')], nextPageToken: '' }], pageParams: ['', 'x'] }
    const patched = withItems(old, [item('b', '2031-03-01T12:00:00Z'), item('c', '2031-03-01T12:00:02Z')])!
    expect(patched.pages[0]!.items.map((i) => i.session!.id)).toEqual(['c', 'b'])
    expect(patched.pages[1]).toBe(old.pages[1])
    expect(withItems(old, [item('b', '2031-03-01T12:00:00Z')])).toBe(old)
    expect(withItems(undefined, [item('b', '2031-03-01T12:00:00Z')])).toBeUndefined()
  })
})
