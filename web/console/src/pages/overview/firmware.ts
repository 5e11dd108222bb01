import type { DeviceSummary } from '@/api/types'

/** The devices of one model that run one version. */
export interface VersionShare {
  version: string
  count: number
}

/** A model with the versions that its devices run, the most frequent first. */
export interface ModelShare {
  model: string
  count: number
  versions: VersionShare[]
}

/** Puts the counts of models with versions together by model, those with the most devices first. */
export function byModel(models: DeviceSummary['models']): ModelShare[] {
  const all = new Map<string, VersionShare[]>()
  for (const { model, softwareVersion, count } of models) {
    const versions = all.get(model) ?? []
    versions.push({ version: softwareVersion, count })
    all.set(model, versions)
  }
  return [...all]
    .map(([model, versions]) => ({
      model, count: versions.reduce((sum, v) => sum + v.count, 0), versions: versions.sort((a, b) => b.count - a.count),
    }))
    .sort((a, b) => b.count - a.count || a.model.localeCompare(b.model))
}

/** Splits the versions into those that get a bar of their own and how many devices run the others. */
export function barsOf(model: ModelShare, most: number): { bars: VersionShare[]; rest: number } {
  const bars = model.versions.slice(0, model.versions.length > most ? most - 1 : most)
  return { bars, rest: model.count - bars.reduce((sum, v) => sum + v.count, 0) }
}
