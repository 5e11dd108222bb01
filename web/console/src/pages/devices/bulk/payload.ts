import type { BulkEdit, Schemas } from '@/api/types'
import type { BulkAction } from './actions'

/** What the form of an action has; each action uses some of it. */
export interface BulkForm {
  tags: string[]
  group: string
  /** Of refresh. */
  path: string
  /** Of setParameterValues. */
  parameters: { path: string; value: string }[]
  /** Of download. */
  file: string
  /** Each device is called at once. */
  call: boolean
}

export const emptyForm: BulkForm = { tags: [], group: '', path: '', parameters: [{ path: '', value: '' }], file: '', call: false }

type BulkTask =
  | Schemas['BulkTaskRefresh'] | Schemas['BulkTaskSetParameterValues'] | Schemas['BulkTaskDownload'] | Schemas['BulkTaskReboot'] | Schemas['BulkTaskFactoryReset']

/** A call for many devices: one changes them, the other queues a task for each. */
export type BulkCall = { route: 'devices'; body: BulkEdit } | { route: 'tasks'; body: BulkTask }

/** Returns the call of an action for what a filter selects. */
export function callOf(action: BulkAction, form: BulkForm, filter: string, dryRun: boolean): BulkCall {
  const common = { filter, dryRun }
  const task = { ...common, connectionRequest: form.call }
  switch (action) {
    case 'addTags':
      return { route: 'devices', body: { ...common, addTags: form.tags } }
    case 'removeTags':
      return { route: 'devices', body: { ...common, removeTags: form.tags } }
    case 'moveToGroup':
      return { route: 'devices', body: { ...common, group: form.group.trim() } }
    case 'refresh':
      return { route: 'tasks', body: { ...task, kind: action, path: form.path.trim() } }
    case 'setParameterValues':
      return { route: 'tasks', body: { ...task, kind: action, parameters: settingsOf(form) } }
    case 'download':
      return { route: 'tasks', body: { ...task, kind: action, file: form.file } }
    case 'reboot':
    case 'factoryReset':
      return { route: 'tasks', body: { ...task, kind: action } }
  }
}

function settingsOf(form: BulkForm) {
  return form.parameters.map(({ path, value }) => ({ path: path.trim(), value })).filter(({ path }) => path !== '')
}

/** Reports whether the form has what the action needs. */
export function isComplete(action: BulkAction, form: BulkForm): boolean {
  switch (action) {
    case 'addTags':
    case 'removeTags':
      return form.tags.length > 0
    case 'setParameterValues':
      return settingsOf(form).length > 0
    case 'download':
      return form.file !== ''
    default:
      return true
  }
}

// A filter has at most 8192 bytes and 250 comparisons; an id has 26 letters.
const idsInFilter = 200

/** The filters that select what is selected: the list's own for all of it, else some that name the devices. */
export function filtersOf(selection: { all: boolean; ids: ReadonlySet<string> }, filter: string): string[] {
  if (selection.all) return [filter.trim() || '*']
  const ids = [...selection.ids]
  const filters: string[] = []
  for (let i = 0; i < ids.length; i += idsInFilter) filters.push(ids.slice(i, i + idsInFilter).map((id) => `id = ${id}`).join(' OR '))
  return filters
}
