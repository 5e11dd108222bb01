import type { ConvergenceDifference } from '@/api/types'

/** Reports whether the parameter can be set back to what the settings say. */
export function isRestorable({ kind, restoring }: Pick<ConvergenceDifference, 'kind' | 'restoring'>): boolean {
  return kind === 'drifted' && !restoring
}

/** Reports whether anything can be chosen for the difference. */
export function isChoosable(difference: ConvergenceDifference): boolean {
  return difference.adoptable || isRestorable(difference)
}

/** What of the chosen differences can be set back, and what can be adopted. */
export function deedsOf(differences: readonly ConvergenceDifference[], chosen: ReadonlySet<string>) {
  const picked = differences.filter(({ path }) => chosen.has(path))
  return { restorable: picked.filter(isRestorable), adoptable: picked.filter(({ adoptable }) => adoptable) }
}

const kinds = ['drifted', 'kept', 'refused', 'later', 'withheld'] as const

/** The end of the text keys convergence.kind.… and convergence.kindMeans.… of a difference; "other" for one that the console does not know. */
export function kindName(kind: string): (typeof kinds)[number] | 'other' {
  return kinds.find((known) => known === kind) ?? 'other'
}
