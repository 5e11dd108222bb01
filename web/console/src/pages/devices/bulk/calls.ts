import { answer, api } from '@/api/client'
import type { Bulk, Device } from '@/api/types'
import type { BulkAction } from './actions'
import { callOf, type BulkForm } from './payload'

/** How many devices an action would reach, and some of them. */
export interface DryRun {
  matched: number
  sample: Device[]
}

const shownSample = 10

/** Asks how many devices the filters select together, without doing anything. */
export async function tryBulk(action: BulkAction, form: BulkForm, filters: readonly string[]): Promise<DryRun> {
  let matched = 0
  const sample: Device[] = []
  for (const filter of filters) {
    const found = (await send(action, form, filter, true)) as DryRun
    matched += found.matched
    sample.push(...found.sample)
  }
  return { matched, sample: sample.slice(0, shownSample) }
}

/** Begins an action for each filter, and tells of each that was begun: those go on, whatever comes of the next. */
export async function beginBulk(action: BulkAction, form: BulkForm, filters: readonly string[], onBegun: (bulk: Bulk) => void) {
  for (const filter of filters) onBegun((await send(action, form, filter, false)) as Bulk)
}

function send(action: BulkAction, form: BulkForm, filter: string, dryRun: boolean): Promise<unknown> {
  const call = callOf(action, form, filter, dryRun)
  if (call.route === 'devices') return answer(api.POST('/api/v1/devices/bulk', { body: call.body }))
  return answer(api.POST('/api/v1/tasks/bulk', { body: call.body }))
}
