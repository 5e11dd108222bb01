import type { ListState } from './urlState'

/** A list of devices that somebody gave a name. */
export interface View extends ListState {
  name: string
}

/** The key among the viewer's preferences. */
export const viewsKey = 'deviceViews'

const mostViews = 50

/** The views that everybody has; name is the end of the key of its text. */
export const builtInViews = [
  { name: 'all', filter: '', sort: '', columns: [] },
  { name: 'offline', filter: 'offline', sort: 'lastInform desc', columns: [] },
  { name: 'late', filter: 'late', sort: 'lastInform', columns: [] },
  { name: 'never', filter: 'neverSeen', sort: '', columns: [] },
  { name: 'new', filter: 'firstSeen >= -24h', sort: 'firstSeen desc', columns: [] },
] as const satisfies readonly View[]

/** Returns the views among what was stored, which other versions of the console may have written. */
export function viewsOf(stored: unknown): View[] {
  return Array.isArray(stored) ? stored.flatMap((view) => viewOf(view) ?? []) : []
}

function viewOf(stored: unknown): View | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined
  const { name, filter, sort, columns } = stored as Record<string, unknown>
  if (typeof name !== 'string' || name === '') return undefined
  return {
    name, filter: typeof filter === 'string' ? filter : '', sort: typeof sort === 'string' ? sort : '',
    columns: Array.isArray(columns) ? columns.filter((c) => typeof c === 'string') : [],
  }
}

/** Returns the views with this one, instead of the one that has its name. */
export function withView(views: readonly View[], view: View): View[] {
  const others = views.filter((v) => v.name !== view.name)
  return [...others, view].sort((a, b) => a.name.localeCompare(b.name)).slice(0, mostViews)
}

export function withoutView(views: readonly View[], name: string): View[] {
  return views.filter((v) => v.name !== name)
}

/** Reports whether the list shows the view as it is. Columns only count for a view that has its own. */
export function shows(state: ListState, view: ListState): boolean {
  return state.filter.trim() === view.filter && state.sort === view.sort && (view.columns.length === 0 || state.columns.join() === view.columns.join())
}
