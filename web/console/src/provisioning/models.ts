import type { PackDetail } from '@/api/types'

/** A model that a vendor pack serves. */
export interface KnownModel {
  name: string
  title: string
  pack: string
  packTitle: string
  lines: number
  aliases: readonly string[]
}

/** The models of packs that are in force, in order of vendor and name. */
export function modelsOf(packs: readonly Pick<PackDetail, 'name' | 'title' | 'active' | 'modelList'>[]): KnownModel[] {
  return packs
    .filter(({ active }) => active !== '')
    .flatMap((pack) => pack.modelList.map(({ name, title, lines, aliases }) => ({ name, title, lines, aliases, pack: pack.name, packTitle: pack.title })))
    .toSorted((a, b) => a.packTitle.localeCompare(b.packTitle) || a.name.localeCompare(b.name, undefined, { numeric: true }))
}

const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')

/** The models that what was typed may mean, at most so many: all that hold it, whatever the hyphens, spaces and case. */
export function matchingModels(models: readonly KnownModel[], typed: string, most: number): KnownModel[] {
  const wanted = plain(typed)
  return models.filter(({ name, title, packTitle, aliases }) => [name, title, `${packTitle} ${name}`, ...aliases].some((text) => plain(text).includes(wanted))).slice(0, most)
}

/** The model that a text names, by its name or an alias; undefined if no pack has it. */
export function findModel(models: readonly KnownModel[], text: string): KnownModel | undefined {
  const wanted = text.trim().toLowerCase()
  return models.find(({ name }) => name.toLowerCase() === wanted) ?? models.find(({ aliases }) => aliases.some((alias) => alias.toLowerCase() === wanted))
}
