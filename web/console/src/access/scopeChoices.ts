import type { Group } from '@/api/types'
import { within } from './grant'

/** Stands for all groups, as no path can: paths do not begin with a slash. */
export const all = '/'

interface Choice {
  value: string
  label: string
}

/** The groups to choose from: those that were found, the present one, and all groups for who is not limited to one. */
export function scopeChoices(found: readonly Group[], present: string, scope: string, allGroups: string): Choice[] {
  const choices = new Map<string, string>()
  if (scope === '') choices.set(all, allGroups)
  else choices.set(scope, scope)
  if (present !== '') choices.set(present, present)
  for (const { path, title } of found) {
    if (within(path, scope)) choices.set(path, title ? `${title} – ${path}` : path)
  }
  return [...choices].map(([value, label]) => ({ value, label }))
}
