import type { InfiniteData } from '@tanstack/react-query'
import type { Device, Page } from '@/api/types'

/** What is loaded of a list: pages in order, and beside each the token that it was asked for with. */
export type Loaded = InfiniteData<Page<Device>, string>

/** Reads one page, the first for an empty token. */
export type ReadPage = (token: string) => Promise<Page<Device>>

/** Rows whose values somebody sees; the last one is included. */
export interface Range {
  first: number
  last: number
}

/** The rows of all loaded pages. One that moved from page to page meanwhile comes once. */
export function rowsOf(loaded: Loaded | undefined): Device[] {
  const seen = new Set<string>()
  return (loaded?.pages ?? []).flatMap((page) => page.items).filter((row) => !seen.has(row.id) && seen.add(row.id))
}

/** How many rows are loaded. */
export function sizeOf(loaded: Loaded): number {
  return loaded.pages.reduce((sum, page) => sum + page.items.length, 0)
}

/** How many devices match; undefined if the server did not say. */
export function totalOf(loaded: Loaded | undefined): number | undefined {
  return loaded?.pages.at(-1)?.totalSize
}

/** The token of the page after the loaded ones; empty if there is none. */
export function nextToken(loaded: Loaded | undefined): string {
  return loaded?.pages.at(-1)?.nextPageToken ?? ''
}

/** Adds a page behind the loaded ones, unless they changed since it was asked for. */
export function append(loaded: Loaded | undefined, token: string, page: Page<Device>): Loaded | undefined {
  if (!loaded || nextToken(loaded) !== token) return loaded
  return { pages: [...loaded.pages, page], pageParams: [...loaded.pageParams, token] }
}

/**
 * Reads what somebody sees of a list anew, however much of it is loaded. What lies behind stays as long as it
 * still follows on what was read, else it is forgotten and loaded again when somebody gets there.
 */
export async function renew(loaded: Loaded | undefined, seen: Range, read: ReadPage): Promise<Loaded> {
  const first = loaded ? pageAt(loaded, seen.first) : 0
  const last = loaded ? pageAt(loaded, seen.last) : 0
  const pages = loaded?.pages.slice(0, first) ?? []
  const pageParams = loaded?.pageParams.slice(0, first) ?? []
  let token = loaded?.pageParams[first] ?? ''
  for (let i = first; i <= last; i++) {
    const page = await read(token)
    pages.push(page)
    pageParams.push(token)
    token = page.nextPageToken
    if (token === '') break
  }
  const follows = loaded && token !== '' && loaded.pageParams[pages.length] === token
  return follows ? { pages: [...pages, ...loaded.pages.slice(pages.length)], pageParams: [...pageParams, ...loaded.pageParams.slice(pages.length)] } : { pages, pageParams }
}

function pageAt(loaded: Loaded, row: number): number {
  let before = 0
  for (const [i, page] of loaded.pages.entries()) {
    before += page.items.length
    if (row < before) return i
  }
  return Math.max(0, loaded.pages.length - 1)
}
