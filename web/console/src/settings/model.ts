import type { Schemas } from '@/api/types'

export type Catalogue = Schemas['SettingsCatalogue']
export type Setting = Schemas['CatalogueSetting']
export type SettingGroup = Schemas['CatalogueSettingGroup']
export type LevelName = Schemas['LevelName']
export type Level = Schemas['SettingsLevel']
export type Entry = Schemas['SettingEntry']
export type Patch = Schemas['SettingsPatch']
/** A setting as it is in force on a device. */
export type InForce = Schemas['EffectiveSetting']

/** Reports whether two names are those of one level. */
export function sameLevel(a: LevelName, b: LevelName): boolean {
  return a.kind === b.kind && (a.id ?? '') === (b.id ?? '')
}

/** Reports whether devices have the level in common, so that an index may be *. */
export function isShared({ kind }: LevelName): boolean {
  return kind === 'global' || kind === 'group'
}
