import type { FilterField } from '@/api/types'
import { quote } from '@/listing/filters'
import { scan } from './scan'

/** Something that could be written at the cursor. */
export interface Suggestion {
  label: string
  /** What is written instead of what was begun. */
  insert: string
  kind: 'field' | 'operator' | 'value' | 'keyword'
  /** The type of a field, as the key of its text. */
  type?: FilterField['type']
}

export interface Suggestions {
  /** Where what was begun begins. */
  from: number
  options: Suggestion[]
}

const operators: Record<FilterField['type'], string[]> = {
  string: ['=', '!=', ':', '<', '<=', '>', '>='], list: [':'], int: ['=', '!=', '<', '<=', '>', '>='], time: ['<', '<=', '>', '>='], bool: ['=', '!='],
}
const usual: Record<FilterField['type'], string> = { string: ' = ', list: ':', int: ' = ', time: ' > ', bool: '' }
const spans = ['-15m', '-1h', '-24h', '-7d', '-30d']

/** Returns what could be written at the cursor, given the fields that the list has. */
export function suggest(text: string, cursor: number, fields: readonly FilterField[]): Suggestions {
  const tokens = scan(text.slice(0, cursor))
  const last = tokens.at(-1)
  const begun = last && last.to === cursor && (last.kind === 'word' || last.kind === 'keyword' || last.kind === 'string') ? last : undefined
  const before = begun ? tokens.at(-2) : last
  const from = begun?.from ?? cursor
  if (before?.kind === 'operator') {
    const field = tokens[tokens.indexOf(before) - 1]
    return { from, options: field ? valuesOf(fields.find((f) => f.name === field.text)) : [] }
  }
  const field = !begun && before?.kind === 'word' ? fields.find((f) => f.name === before.text) : undefined
  const isValue = tokens.at(-2)?.kind === 'operator'
  const options = field && !isValue ? operators[field.type].map((o): Suggestion => ({ label: o, insert: `${o} `, kind: 'operator' })) : []
  return { from, options: [...options, ...fields.map(ofField), ...keywords(before !== undefined)] }
}

function ofField(field: FilterField): Suggestion {
  return { label: field.name, insert: field.name + usual[field.type], kind: 'field', type: field.type }
}

function keywords(afterTerm: boolean): Suggestion[] {
  return (afterTerm ? ['AND', 'OR', 'NOT'] : ['NOT']).map((word) => ({ label: word, insert: `${word} `, kind: 'keyword' }))
}

function valuesOf(field: FilterField | undefined): Suggestion[] {
  const values = field?.type === 'bool' ? ['true', 'false'] : field?.type === 'time' ? spans : (field?.values ?? [])
  return values.map((value) => ({ label: value, insert: field?.type === 'time' ? value : quote(value), kind: 'value' }))
}
