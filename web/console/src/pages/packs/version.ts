import type { PackDetail } from '@/api/types'

/** The version of a pack that came with the program. */
export const builtIn = 'builtIn'

/** The begin of a version, enough to tell versions apart by eye. */
export function shortVersion(version: string): string {
  return version.length > 14 ? version.slice(0, 12) : version
}

/** The versions of a pack that there are, those of the program first. */
export function versionsOf({ builtIn: own, versions }: Pick<PackDetail, 'builtIn' | 'versions'>): string[] {
  return [...(own ? [builtIn] : []), ...versions.map(({ version }) => version)]
}

/** The version that was in force before one that is in force now, as far as that can be told: the newest older upload, else that of the program. */
export function versionBefore(pack: Pick<PackDetail, 'builtIn' | 'versions' | 'active'>): string | undefined {
  const newest = pack.versions.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt)).map(({ version }) => version)
  const at = newest.indexOf(pack.active)
  if (at < 0) return undefined
  return newest[at + 1] ?? (pack.builtIn ? builtIn : undefined)
}
