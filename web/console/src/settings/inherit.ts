import { covers } from './paths'
import { sameLevel, type Entry, type InForce, type Level, type LevelName } from './model'
import { isLimited } from './draft'

/** What a level inherits for a path, as far as that does not depend on the device. */
export interface Inherited {
  value: unknown
  secret: boolean
  origin: LevelName
  /** The level that locked it. */
  lockedBy?: LevelName
}

/** What the levels above say of a path; the topmost comes first. The nearest counts unless one above it locked the setting. */
export function inheritedFrom(above: readonly Level[], path: string): Inherited | undefined {
  let found: Inherited | undefined
  for (const { level, settings } of above) {
    const entry = bestOf(settings, path)
    if (!entry) continue
    found = { value: entry.value, secret: entry.secret, origin: level, ...(entry.locked && { lockedBy: level }) }
    if (entry.locked) return found
  }
  return found
}

/** Of the entries of a level the one that counts: a path without * before one with it. */
function bestOf(entries: readonly Entry[], path: string): Entry | undefined {
  const fitting = entries.filter((entry) => !isLimited(entry) && covers(entry.path, path))
  return fitting.find((entry) => entry.path === path) ?? fitting.at(-1)
}

/** The level that keeps this one from saying anything of a setting; undefined if none does. */
export function lockAbove(level: LevelName, known: Pick<InForce, 'lockedBy'> | undefined): LevelName | undefined {
  const by = known?.lockedBy
  return by && !sameLevel(by, level) && !isBelow(by, level) ? by : undefined
}

// A lock of the device itself binds its end user, not the device.
function isBelow(by: LevelName, level: LevelName): boolean {
  const order = ['pack', 'global', 'group', 'line', 'device', 'user']
  return order.indexOf(by.kind) > order.indexOf(level.kind)
}
