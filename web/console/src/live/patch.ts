import type { InfiniteData, Query, QueryClient } from '@tanstack/react-query'
import type { Page } from '@/api/types'

/** What an event tells: the thing as it is now, or that it is gone. */
export interface Change {
  kind: 'device' | 'task' | 'session'
  id: string
  /** Undefined if it was deleted. */
  now?: Identified
}

export interface Identified {
  id: string
}

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: {
      /**
       * For lists whose newest come first: whether a thing that the list does not have yet belongs to it.
       * Without it a live update changes and removes rows, but adds none.
       */
      belongs?: (thing: never) => boolean
    }
  }
}

const listKeys = { device: 'devices', task: 'tasks', session: 'sessions' } as const

/** Writes changes into the cached answers that show the things, and asks the server for nothing. */
export function patchCache(client: QueryClient, changes: readonly Change[]) {
  for (const change of changes) patchOne(client, change)
  for (const kind of new Set(changes.map((c) => c.kind))) {
    const ofKind = new Map(changes.filter((c) => c.kind === kind).map((c) => [c.id, c]))
    for (const query of client.getQueryCache().findAll({ queryKey: [listKeys[kind]] })) patchList(client, query, ofKind)
  }
}

function patchOne(client: QueryClient, change: Change) {
  const key = [change.kind, change.id]
  if (!change.now) {
    // Whoever looks at it has to be told by the server that it is gone.
    void client.invalidateQueries({ queryKey: key, exact: true })
    return
  }
  const { now } = change
  client.setQueryData(key, (old: object | undefined) => (old ? { ...old, ...now } : undefined))
}

type Changes = ReadonlyMap<string, Change>

function patchList(client: QueryClient, query: Query, changes: Changes) {
  const old: unknown = query.state.data
  const belongs = query.meta?.belongs as ((thing: Identified) => boolean) | undefined
  const patched = isInfinite(old) ? patchPages(old, changes, belongs) : isPage(old) ? patchPage(old, changes, belongs) : old
  // An unchanged updatedAt keeps the list due for its next reading.
  if (patched !== old) client.setQueryData(query.queryKey, patched, { updatedAt: query.state.dataUpdatedAt })
}

function patchPages(old: InfiniteData<Page<Identified>>, changes: Changes, belongs?: (thing: Identified) => boolean) {
  const known = new Set(old.pages.flatMap((page) => page.items.map((item) => item.id)))
  const pages = old.pages.map((page, i) => patchPage(page, changes, i === 0 ? belongs : undefined, known))
  return pages.every((page, i) => page === old.pages[i]) ? old : { ...old, pages }
}

function patchPage(
  page: Page<Identified>, changes: Changes, belongs?: (thing: Identified) => boolean, known?: ReadonlySet<string>,
): Page<Identified> {
  const here = known ?? new Set(page.items.map((item) => item.id))
  const added = belongs ? [...changes.values()].flatMap((c) => (c.now && !here.has(c.id) && belongs(c.now) ? [c.now] : [])) : []
  const touched = page.items.some((item) => changes.has(item.id))
  if (!touched && added.length === 0) return page
  const kept = page.items.flatMap((item) => {
    const change = changes.get(item.id)
    if (!change) return [item]
    return change.now ? [{ ...item, ...change.now }] : []
  })
  const items = [...added.reverse(), ...kept]
  const totalSize = page.totalSize === undefined ? undefined : page.totalSize + items.length - page.items.length
  return { ...page, items, ...(totalSize === undefined ? {} : { totalSize }) }
}

function isPage(data: unknown): data is Page<Identified> {
  return typeof data === 'object' && data !== null && 'items' in data && Array.isArray(data.items)
}

function isInfinite(data: unknown): data is InfiniteData<Page<Identified>> {
  return typeof data === 'object' && data !== null && 'pages' in data && Array.isArray(data.pages) && data.pages.every(isPage)
}
