import type { Catalogue, Setting, SettingGroup } from './model'
import { familiesOf, indexesIn, vendorPrefix, type Family } from './paths'

/** A group of settings as the editor shows it. */
export interface Section extends Pick<SettingGroup, 'name' | 'title' | 'help'> {
  single: Setting[]
  families: Family[]
  /** How many settings the level declares in it. */
  declared: number
}

interface Wanted {
  search: string
  /** Only what the level declares. */
  declaredOnly: boolean
  /** Only what end users may set. */
  endUserOnly: boolean
}

/** The groups of the catalogue with what is wanted of them; groups without any are left out. */
export function sectionsOf(catalogue: Catalogue, declared: ReadonlySet<string>, wanted: Wanted): Section[] {
  const paths = [...declared].filter((path) => !path.startsWith(vendorPrefix))
  const says = (setting: Setting) => paths.filter((path) => indexesIn(path, setting.path, setting.indexes)).length
  return catalogue.groups.flatMap(({ name, title, help, settings }) => {
    const shown = settings.filter((setting) => {
      const count = says(setting)
      return (!setting.deprecated || count > 0) && (!wanted.declaredOnly || count > 0) && (!wanted.endUserOnly || setting.endUser) && matches(setting, title, wanted.search)
    })
    if (shown.length === 0) return []
    return [{ name, title, help, ...familiesOf(shown), declared: settings.reduce((sum, setting) => sum + says(setting), 0) }]
  })
}

/** Reports whether every word is in the title, the path, the help, or the title of the group. */
export function matches({ title, path, help }: Pick<Setting, 'title' | 'path' | 'help'>, group: string, search: string): boolean {
  const text = `${group} ${title} ${path} ${help}`.toLowerCase()
  return search.toLowerCase().split(/\s+/).every((word) => text.includes(word))
}
