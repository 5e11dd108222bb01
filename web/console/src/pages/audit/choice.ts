import type { AuditEntry } from '@/api/types'
import { allOf, oneOf, quoted } from '@/listing/filters'

/** Which audit entries the page shows. */
export interface AuditChoice {
  /** What somebody typed, in the filter language. */
  filter: string
  actor: string
  action: string
  target: string
  /** The id of a device. */
  device: string
  /** One of spans, or empty for all times. */
  span: string
  /** Local date and time of an input, for the span "between". */
  from: string
  until: string
}

/** The times to choose from. */
export const spans = ['', '1h', '24h', '7d', '30d', 'between'] as const

/** The device that an entry is about; empty for none. What is done to a task names its device in the detail. */
export function deviceOf({ target, detail }: Pick<AuditEntry, 'target' | 'detail'>): string {
  return /^device\/([a-z0-9]+)$/.exec(target)?.[1] ?? /^(?:\w+) for device ([a-z0-9]+)$/.exec(detail)?.[1] ?? ''
}

/** The kind of task that an entry is about; empty for none. */
export function kindOf({ detail }: Pick<AuditEntry, 'detail'>): string {
  return /^(\w+) for device [a-z0-9]+$/.exec(detail)?.[1] ?? ''
}

/** The filter of all that was chosen. Actor and target need only be a part of the whole. */
export function filterOf({ filter, actor, action, target, device, ...time }: AuditChoice): string {
  return allOf(filter, has('actor', actor), oneOf('action', action ? [action] : []), has('target', target), ofDevice(device), ...times(time))
}

function ofDevice(id: string): string {
  return id && `target = ${quoted(`device/${id}`)} OR detail:${quoted(`for device ${id}`)}`
}

function has(field: string, text: string): string {
  return text.trim() ? `${field}:${quoted(text.trim())}` : ''
}

function times({ span, from, until }: Pick<AuditChoice, 'span' | 'from' | 'until'>): string[] {
  if (span !== 'between') return spans.some((known) => known === span && known !== '') ? [`at >= -${span}`] : []
  return [bound('>=', from), bound('<=', until)]
}

function bound(operator: string, local: string): string {
  const at = new Date(local)
  return Number.isNaN(at.getTime()) ? '' : `at ${operator} ${quoted(at.toISOString())}`
}
