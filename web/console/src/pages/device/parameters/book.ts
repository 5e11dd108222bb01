import type { Page, Parameter } from '@/api/types'
import { Index } from './tree'
import { isObject } from './paths'

type ReadPage = (path: string, pageToken: string, signal?: AbortSignal) => Promise<Page<Parameter>>

/** How far a branch is read. The server gives a branch in the order of its paths, so that all up to the last is known. */
export interface Scan {
  readonly prefix: string
  /** The last path read. */
  readonly after: string
  /** Where to go on; empty before the first page and after the last. */
  readonly token: string
  readonly done: boolean
  readonly loading: boolean
  readonly read: number
  /** How many there are in all, if the server said. */
  readonly total?: number
  readonly problem?: unknown
}

/** The parameter tree of one device, read piece by piece as it is needed. */
export class Book {
  readonly index = new Index()
  private readonly scans = new Map<string, Scan>()
  private readonly listeners = new Set<() => void>()
  private version = 0

  constructor(private readonly readPage: ReadPage) {}

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  /** Changes whenever what is known changes. */
  readonly snapshot = () => this.version

  scan(prefix: string): Scan | undefined {
    return this.scans.get(prefix)
  }

  /** Reports whether all that the server knows below a path is read. */
  covers(path: string): boolean {
    for (const scan of this.scans.values()) {
      if (!path.startsWith(scan.prefix)) continue
      if (scan.done || (scan.after > path && !scan.after.startsWith(path))) return true
    }
    return false
  }

  /** Begins to read a branch unless it is known. */
  async ensure(path: string): Promise<void> {
    if (this.covers(path) || this.scans.has(path)) return
    await this.readOn(path)
  }

  /** Reads the next page of a branch. It does nothing while one is being read. */
  async readOn(prefix: string, signal?: AbortSignal): Promise<void> {
    const scan = this.scans.get(prefix) ?? { prefix, after: '', token: '', done: false, loading: false, read: 0 }
    if (scan.loading || scan.done) return
    this.note({ ...scan, loading: true, problem: undefined })
    try {
      const page = await this.readPage(prefix, scan.token, signal)
      for (const parameter of page.items) this.index.put(parameter)
      this.note(advanced(scan, page))
    } catch (problem) {
      this.note({ ...scan, loading: false, problem: signal?.aborted ? undefined : problem })
    }
  }

  /** Reads a branch to its end. It stops at the first problem, or when the signal says so. */
  async readAll(prefix: string, signal?: AbortSignal): Promise<void> {
    while (!this.covers(prefix) && !signal?.aborted) {
      const before = this.scans.get(prefix)
      if (before?.loading) await this.settled(prefix)
      else await this.readOn(prefix, signal)
      if (this.scans.get(prefix)?.problem) return
    }
  }

  /** Reads a path or a branch anew, as far as it was read, and forgets what is no longer there. */
  async reload(path: string): Promise<void> {
    const known = this.scans.get(path)
    const until = known && !known.done ? known.after : undefined
    let scan: Scan = { prefix: path, after: '', token: '', done: false, loading: false, read: 0 }
    const seen = new Set<string>()
    try {
      do {
        const page = await this.readPage(path, scan.token)
        for (const parameter of page.items) {
          seen.add(parameter.path)
          this.index.put(parameter)
        }
        scan = advanced(scan, page)
      } while (!scan.done && (until === undefined || scan.after < until))
    } catch {
      // What is shown stays; the next event or a visit reads it again.
      return
    }
    for (const old of [...this.index.under(path)]) {
      if (!seen.has(old) && (scan.done || old <= scan.after)) this.index.remove(old)
    }
    if (isObject(path)) this.note(scan)
    else this.changed()
  }

  /** Waits until a page that is being read has come. */
  private settled(prefix: string): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.subscribe(() => {
        if (this.scans.get(prefix)?.loading) return
        stop()
        resolve()
      })
    })
  }

  private note(scan: Scan) {
    this.scans.set(scan.prefix, scan)
    this.changed()
  }

  private changed() {
    this.version++
    for (const listener of [...this.listeners]) listener()
  }
}

function advanced(scan: Scan, page: Page<Parameter>): Scan {
  return {
    ...scan, loading: false, problem: undefined, token: page.nextPageToken, done: page.nextPageToken === '',
    after: page.items.at(-1)?.path ?? scan.after, read: scan.read + page.items.length, total: page.totalSize ?? scan.total,
  }
}
