import type { Entry, Patch } from './model'

/** An entry of a level as somebody wants to have it. */
export interface Change {
  entry: Entry
  /** It is to be taken out. */
  gone: boolean
  /** The value is new, too, and not only whether it is locked. */
  given: boolean
}

/** What is to change at a level, by the keys of the entries. */
export type Draft = ReadonlyMap<string, Change>

/** An entry as it would be after the change, and what the change does with it. */
export interface ShownEntry extends Entry {
  key: string
  change?: 'new' | 'changed' | 'gone'
}

/** What an entry is known by: its path, models and filter. */
export function keyOf({ path, models, filter }: Pick<Entry, 'path' | 'models' | 'filter'>): string {
  return JSON.stringify([path, models, filter])
}

/** An entry that says nothing yet. */
export function blank(path: string, limit: Pick<Entry, 'models' | 'filter'> = { models: [], filter: '' }): Entry {
  return { path, value: null, secret: false, generate: false, locked: false, ...limit }
}

/** Reports whether an entry says anything: without a value there is none. A secret that the server keeps is a value. */
export function says({ value, secret, generate }: Pick<Entry, 'value' | 'secret' | 'generate'>): boolean {
  return generate || secret || !(value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
}

const stored = (entries: readonly Entry[], key: string) => entries.find((entry) => keyOf(entry) === key)

/** Adds a change; what is at the level already is none. */
export function withChange(draft: Draft, entries: readonly Entry[], change: Change): Draft {
  const key = keyOf(change.entry)
  const next = new Map(draft)
  const before = stored(entries, key)
  const empty = change.gone || !says(change.entry)
  if (empty && !before) next.delete(key)
  else if (empty) next.set(key, { entry: before!, gone: true, given: false })
  else if (before && isAs(before, change)) next.delete(key)
  else next.set(key, change)
  return next
}

function isAs(before: Entry, { entry, given }: Change): boolean {
  if (before.locked !== entry.locked || before.generate !== entry.generate) return false
  if (!given) return true
  // Nobody knows what a secret is, so that a new one is always a change.
  return !before.secret && JSON.stringify(before.value) === JSON.stringify(entry.value)
}

/** Drops what was changed of an entry. */
export function withoutChange(draft: Draft, key: string): Draft {
  const next = new Map(draft)
  next.delete(key)
  return next
}

/** The entries of a path after the change, with those that are to be taken out; that for all models first. */
export function entriesFor(entries: readonly Entry[], draft: Draft, path: string): ShownEntry[] {
  const shown = entries.filter((entry) => entry.path === path).map((entry): ShownEntry => {
    const key = keyOf(entry)
    const change = draft.get(key)
    if (!change) return { ...entry, key }
    return change.gone ? { ...entry, key, change: 'gone' } : { ...change.entry, key, change: 'changed' }
  })
  for (const [key, { entry, gone }] of draft) {
    if (entry.path === path && !gone && !shown.some((one) => one.key === key)) shown.push({ ...entry, key, change: 'new' })
  }
  return shown.sort((a, b) => Number(isLimited(a)) - Number(isLimited(b)))
}

/** Reports whether an entry is only for some devices. */
export function isLimited({ models, filter }: Pick<Entry, 'models' | 'filter'>): boolean {
  return models.length > 0 || filter !== ''
}

/** The paths that the level speaks of, or would after the change. */
export function pathsIn(entries: readonly Entry[], draft: Draft): Set<string> {
  return new Set([...entries.map(({ path }) => path), ...[...draft.values()].map(({ entry }) => entry.path)])
}

/** The body that makes the change. */
export function patchOf(draft: Draft): Required<Patch> {
  const patch: Required<Patch> = { set: [], unset: [] }
  for (const { entry: { path, value, generate, locked, models, filter }, gone, given } of draft.values()) {
    const limit = { ...(models.length > 0 && { models }), ...(filter && { filter }) }
    if (gone) patch.unset.push({ path, ...limit })
    else patch.set.push({ path, ...(generate ? { generate } : given && { value }), ...(locked && { locked }), ...limit })
  }
  return patch
}
