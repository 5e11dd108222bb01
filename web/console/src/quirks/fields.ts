import type { Behaviour } from '@/api/types'

/** What a field of a behaviour holds. */
export type FieldType = 'number' | 'boolean' | 'list' | 'codes' | 'types'

type Field = keyof Behaviour

/** Every field of a behaviour with what it holds; a test holds them against the description of the interface. */
export const behaviourFields: Record<Field, FieldType> = {
  getParameterValuesNames: 'number', setParameterValuesParameters: 'number', levelByLevel: 'boolean', rootBranches: 'list', wholeBranches: 'list',
  nextLevelWords: 'boolean', booleanWords: 'boolean', types: 'types', ignoredParameters: 'list', cookieAlways: 'boolean', busyFaults: 'codes', lacks: 'list',
  noTransferComplete: 'boolean', endAfterTransferComplete: 'boolean', noDiagnosticsEvent: 'boolean', sessionTimeout: 'number', keepsConnectionRequestCredentials: 'boolean',
}

/** Reports whether the console knows words for a field. */
export function isKnown(field: string): field is Field {
  return field in behaviourFields
}

/** The fields that a behaviour says, in the order in which the console lists them; those that it does not know come last. */
export function saidFields(behaviour: Record<string, unknown>): string[] {
  const known = Object.keys(behaviourFields)
  return Object.keys(behaviour).sort((a, b) => place(known, a) - place(known, b) || a.localeCompare(b))
}

function place(known: readonly string[], field: string): number {
  const at = known.indexOf(field)
  return at < 0 ? known.length : at
}

/** A value of a field as text: lists by their entries, types as pattern → type; yes and no are the viewer's words. */
export function valueText(value: unknown, words: { yes: string; no: string; none: string }): string {
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (value === null || value === undefined) return words.none
  if (Array.isArray(value)) return value.length === 0 ? words.none : value.map(String).join(', ')
  if (typeof value === 'object') return Object.entries(value).map(([pattern, type]) => `${pattern} → ${String(type)}`).join(', ') || words.none
  return String(value)
}
