import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import { keys } from '@/api/keys'
import type { DeviceSession, Page, Task, TimelineItem } from '@/api/types'
import type { Change } from '@/live/patch'
import { isEventful } from '../api'
import { keyOf } from './days'

/** What changes of a device are to the timeline: the newest step of a task, or a session worth keeping. */
export function itemsOf(changes: readonly Change[], device: string): TimelineItem[] {
  return changes.flatMap(({ kind, now }): TimelineItem[] => {
    if (kind === 'task') {
      const task = now as Task | undefined
      const step = task?.timeline.at(-1)
      return task?.device === device && step ? [{ at: step.at, kind, task, transition: { ...step, reason: step.reason ?? '' } }] : []
    }
    const session = now as DeviceSession | undefined
    return kind === 'session' && session?.device === device && isEventful(session) ? [{ at: session.endedAt, kind, session }] : []
  })
}

/** Puts new items where they belong in time, once each; all but the first page stay as they are. */
export function withItems(data: InfiniteData<Page<TimelineItem>> | undefined, added: readonly TimelineItem[]) {
  const [first, ...rest] = data?.pages ?? []
  if (!data || !first) return data
  const known = new Set(first.items.map(keyOf))
  const fresh = added.filter((item) => !known.has(keyOf(item)))
  if (fresh.length === 0) return data
  const items = [...fresh, ...first.items].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
  return { ...data, pages: [{ ...first, items }, ...rest] }
}

/** Adds what just happened to a timeline that was read. */
export function patchTimeline(client: QueryClient, device: string, changes: readonly Change[]) {
  const added = itemsOf(changes, device)
  if (added.length > 0) client.setQueryData<InfiniteData<Page<TimelineItem>>>(keys.timeline(device), (old) => withItems(old, added))
}
