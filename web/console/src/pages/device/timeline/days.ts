import type { TimelineItem } from '@/api/types'

/** The kinds of what a timeline has, in the order in which they are offered. */
export const timelineKinds = ['task', 'session', 'event', 'audit'] as const

export type TimelineKind = (typeof timelineKinds)[number]

/** One line of the timeline: the name of a day, or what happened. */
export type Line = { kind: 'day'; key: string; at: string } | { kind: 'item'; key: string; item: TimelineItem }

/** Reads the kinds from the address; none named, or all of them, are all. */
export function readKinds(text: string | undefined): readonly TimelineKind[] {
  const named = timelineKinds.filter((kind) => text?.split(',').includes(kind))
  return named.length === 0 ? timelineKinds : named
}

/** Writes the kinds for the address; undefined for all. */
export function writeKinds(kinds: readonly string[]): string | undefined {
  const named = timelineKinds.filter((kind) => kinds.includes(kind))
  return named.length === 0 || named.length === timelineKinds.length ? undefined : named.join(',')
}

/** What stands for an item: it comes once even if two pages have it, as after something new moved them apart. */
export function keyOf(item: TimelineItem): string {
  switch (item.kind) {
    case 'task':
      return `task ${item.task?.id} ${item.transition?.state} ${item.at}`
    case 'session':
      return `session ${item.session?.id}`
    case 'event':
      return `event ${item.event?.code} ${item.event?.commandKey} ${item.at}`
    case 'audit':
      return `audit ${item.audit?.id}`
  }
}

/** The lines of the wanted kinds, the newest first, with each day of the viewer's zone before what happened on it. */
export function linesOf(items: readonly TimelineItem[], kinds: readonly TimelineKind[]): Line[] {
  const lines: Line[] = []
  const seen = new Set<string>()
  let day = ''
  for (const item of items) {
    const key = keyOf(item)
    if (!kinds.includes(item.kind) || seen.has(key)) continue
    seen.add(key)
    const its = new Date(item.at).toDateString()
    if (its !== day) lines.push({ kind: 'day', key: `day ${its}`, at: item.at })
    day = its
    lines.push({ kind: 'item', key, item })
  }
  return lines
}
