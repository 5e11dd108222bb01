import type { Catalogue, Setting } from './model'

/** What stands for every index that exists on a device. */
export const every = '*'

/** Settings that exist once for each index, such as those of an account. */
export interface Family {
  /** With letters for the indexes: account.N. */
  prefix: string
  indexes: Setting['indexes']
  settings: Setting[]
}

/** The part of the pattern up to its last index; empty for a setting that exists once. */
export function prefixOf({ path, indexes }: Setting): string {
  const last = indexes.at(-1)
  if (!last) return ''
  const segments = path.split('.')
  return segments.slice(0, segments.indexOf(last.letter) + 1).join('.')
}

/** The settings that exist once, and the families of the others, as the catalogue orders them. */
export function familiesOf(settings: readonly Setting[]): { single: Setting[]; families: Family[] } {
  const families = new Map<string, Family>()
  const single: Setting[] = []
  for (const setting of settings) {
    const prefix = prefixOf(setting)
    if (!prefix) single.push(setting)
    else if (families.has(prefix)) families.get(prefix)!.settings.push(setting)
    else families.set(prefix, { prefix, indexes: setting.indexes, settings: [setting] })
  }
  return { single, families: [...families.values()] }
}

/** The path of a setting of the family for indexes in the order of the family: 1, 2 … or *. */
export function pathFor(pattern: string, indexes: Setting['indexes'], at: readonly string[]): string {
  return pattern.split('.').map((segment) => {
    const i = indexes.findIndex(({ letter }) => letter === segment)
    return i < 0 ? segment : at[i]!
  }).join('.')
}

/** The indexes that a path names as one of the pattern does; undefined if it is none of it. */
export function indexesIn(path: string, pattern: string, indexes: Setting['indexes']): string[] | undefined {
  const wanted = pattern.split('.')
  const given = path.split('.')
  if (wanted.length !== given.length) return undefined
  const found: string[] = []
  for (const [i, segment] of wanted.entries()) {
    if (indexes.some(({ letter }) => letter === segment)) {
      if (!/^(\*|[0-9]+)$/.test(given[i]!)) return undefined
      found.push(given[i]!)
    } else if (segment !== given[i]) return undefined
  }
  return found
}

/** The instances of a family that paths speak of, in order; that for every index first. */
export function instancesOf(family: Family, paths: Iterable<string>): string[][] {
  const found = new Map<string, string[]>()
  for (const path of paths) {
    for (const setting of family.settings) {
      const at = indexesIn(path, setting.path, family.indexes)
      if (at) found.set(at.join('.'), at)
    }
  }
  return [...found.values()].sort(compareIndexes)
}

/** Orders indexes by number, * first. */
export function compareIndexes(a: readonly string[], b: readonly string[]): number {
  for (const [i, one] of a.entries()) {
    const other = b[i]!
    if (one === other) continue
    if (one === every || other === every) return one === every ? -1 : 1
    return Number(one) - Number(other)
  }
  return 0
}

/** Reports whether a path, in which * stands for any index, names the setting of the other path. */
export function covers(pattern: string, path: string): boolean {
  const wanted = pattern.split('.')
  const given = path.split('.')
  return wanted.length === given.length && wanted.every((segment, i) => segment === given[i] || (segment === every && /^(\*|[0-9]+)$/.test(given[i]!)))
}

/** The setting of the catalogue that a path names; undefined for vendor.PACK.KEY and what is none. */
export function settingOf(catalogue: Catalogue, path: string): Setting | undefined {
  return catalogue.groups.flatMap(({ settings }) => settings).find((setting) => indexesIn(path, setting.path, setting.indexes))
}

/** What begins the paths of settings that only one vendor has. */
export const vendorPrefix = 'vendor.'

/** A setting that the catalogue does not know: any text, which the pack of the vendor reads. The server keeps one secret by its name. */
export function vendorSetting(path: string): Setting {
  const secret = /(password|passwd|pswd|pwd|passphrase|passcode|pincode|secret|psk|sharedkey|privatekey|apikey|token|[._-]pass|[._-]pin)[0-9_-]*$/i.test(path)
  return { path, type: secret ? 'secret' : 'text', title: path.slice(vendorPrefix.length), help: '', unit: '', default: null, choices: [], min: null, max: null, pattern: '', secret, endUser: false, deprecated: false, indexes: [] }
}
