import { argumentsOf, commonArguments } from '@/tasks/arguments'
import type { TaskKind } from '@/api/types'
import { fileTypes } from '../header/download'

/** A proposal of the editor. */
export interface Hint {
  label: string
  detail?: string
  /** What is written instead of the label. */
  apply?: string
}

/** What the place where the cursor is wants: the name of a property, or a value. */
export interface Place {
  wants: 'name' | 'value'
  /** The property whose value it is; that around a list for what is in the list. */
  property: string
  /** How many objects are around it. */
  depth: number
}

/** Finds out where in JSON its end is; undefined within a text, or where nothing can be proposed. */
export function placeOf(before: string): Place | undefined {
  const stack: { kind: '{' | '['; property: string }[] = []
  let property = ''
  let text: string | undefined
  let colon = false
  for (let i = 0; i < before.length; i++) {
    const c = before[i]!
    if (c === '"') {
      const end = endOfText(before, i)
      if (end < 0) return undefined
      text = before.slice(i + 1, end)
      i = end
    } else if (c === ':') {
      property = text ?? ''
      colon = true
    } else if (c === '{' || c === '[') {
      stack.push({ kind: c, property })
      colon = false
    } else if (c === '}' || c === ']') {
      stack.pop()
      colon = true
    } else if (c === ',') {
      colon = false
    }
  }
  const top = stack.at(-1)
  if (!top) return undefined
  const depth = stack.filter((s) => s.kind === '{').length
  if (top.kind === '[') return { wants: 'value', property: top.property, depth }
  return colon ? { wants: 'value', property, depth } : { wants: 'name', property: top.property, depth }
}

function endOfText(text: string, begin: number): number {
  for (let i = begin + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i
  }
  return -1
}

const settings: Hint[] = [{ label: 'path', detail: 'string' }, { label: 'value', detail: 'string' }, { label: 'type', detail: 'xsd:…' }]
const attributes: Hint[] = [{ label: 'path', detail: 'string' }, { label: 'notification', detail: '0–6' }, { label: 'accessList', detail: 'string[]' }]
const types = ['string', 'int', 'unsignedInt', 'long', 'unsignedLong', 'boolean', 'dateTime', 'base64', 'hexBinary', 'decimal'].map((name) => `xsd:${name}`)
const pathProperties = new Set(['path', 'paths', 'objectName'])
const booleans = new Set(['onlyIfDifferent', 'nextLevel'])

/** What can be proposed at a place for a kind of task; paths are those that are known of the phone. */
export function hintsFor(kind: TaskKind, place: Place, paths: readonly string[]): Hint[] {
  const quoted = (label: string): Hint => ({ label, apply: JSON.stringify(label) })
  if (place.wants === 'name') {
    const names = place.depth > 1 ? (kind === 'setParameterAttributes' ? attributes : settings)
      : [...argumentsOf[kind], ...commonArguments].map(({ name, type }): Hint => ({ label: name, detail: type }))
    return names.map((hint) => ({ ...hint, apply: `"${hint.label}": ` }))
  }
  if (pathProperties.has(place.property)) return paths.map(quoted)
  if (booleans.has(place.property)) return ['true', 'false'].map((label) => ({ label }))
  if (place.property === 'type') return types.map(quoted)
  if (place.property === 'fileType') return fileTypes.map(quoted)
  return []
}
