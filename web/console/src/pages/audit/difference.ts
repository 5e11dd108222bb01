import type { AuditEntry } from '@/api/types'

/** A field that an action changed. Absent means that it was not there. */
export interface Change {
  field: string
  before?: string
  after?: string
}

/** The fields that differ, in order of name. */
export function changesOf({ before, after }: Pick<AuditEntry, 'before' | 'after'>): Change[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort()
  return names.map((field) => {
    const change: Change = { field }
    if (before && field in before) change.before = valueText(before[field])
    if (after && field in after) change.after = valueText(after[field])
    return change
  })
}

/** A value as people read it: text as it is, lists with commas, all else as JSON. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return '–'
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.join(', ')
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value)
}

/** How an action ended, by the status that the actor got. */
export function outcomeOf(status: number | string): 'done' | 'refused' | 'failed' {
  const code = Number(status)
  return code < 400 ? 'done' : code < 500 ? 'refused' : 'failed'
}
