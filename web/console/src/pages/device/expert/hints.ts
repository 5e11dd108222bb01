import { argumentsOf, commonArguments } from '@/tasks/arguments'
import type { TaskKind } from '@/api/types'
import type { Hint, Place } from '@/json/place'
import { fileTypes } from '../header/download'

const settings: Hint[] = [{ label: 'path', detail: 'string' }, { label: 'value', detail: 'string' }, { label: 'type', detail: 'xsd:…' }]
const attributes: Hint[] = [{ label: 'path', detail: 'string' }, { label: 'notification', detail: '0–6' }, { label: 'accessList', detail: 'string[]' }]
const operations: Hint[] = [{ label: 'operation', detail: 'install | update | uninstall' }, ...['url', 'uuid', 'version', 'executionEnvironment', 'username', 'password'].map((label) => ({ label, detail: 'string' }))]
const windows: Hint[] = [{ label: 'startSeconds', detail: 'number' }, { label: 'endSeconds', detail: 'number' }, { label: 'mode', detail: 'string' }, { label: 'userMessage', detail: 'string' }, { label: 'maxRetries', detail: 'number' }]
/** What the objects in a list have, by the property that holds the list. */
const insides: Record<string, Hint[]> = { operations, windows }
/** The values of properties that have few. */
const choices: Record<string, string[]> = {
  operation: ['install', 'update', 'uninstall'],
  mode: ['1 At Any Time', '2 Immediately', '3 When Idle', '4 Confirmation Needed'],
}
/** The file types of TR-069 A.4.1.5 that a phone can send. */
const uploadTypes = ['1 Vendor Configuration File', '2 Vendor Log File', '3 Vendor Configuration File', '4 Vendor Log File']
const types = ['string', 'int', 'unsignedInt', 'long', 'unsignedLong', 'boolean', 'dateTime', 'base64', 'hexBinary', 'decimal'].map((name) => `xsd:${name}`)
const pathProperties = new Set(['path', 'paths', 'objectName', 'interface'])
const booleans = new Set(['onlyIfDifferent', 'nextLevel'])

/** What can be proposed at a place for a kind of task; paths are those that are known of the phone. */
export function hintsFor(kind: TaskKind, place: Place, paths: readonly string[]): Hint[] {
  const quoted = (label: string): Hint => ({ label, apply: JSON.stringify(label) })
  if (place.wants === 'name') {
    const names = place.depth > 1 ? (insides[place.property] ?? (kind === 'setParameterAttributes' ? attributes : settings))
      : [...argumentsOf[kind], ...commonArguments].map(({ name, type }): Hint => ({ label: name, detail: type }))
    return names.map((hint) => ({ ...hint, apply: `"${hint.label}": ` }))
  }
  if (pathProperties.has(place.property)) return paths.map(quoted)
  if (booleans.has(place.property)) return ['true', 'false'].map((label) => ({ label }))
  if (place.property === 'type') return types.map(quoted)
  if (place.property === 'fileType') return (kind === 'upload' ? uploadTypes : fileTypes).map(quoted)
  const few = choices[place.property]
  if (few) return few.map(quoted)
  return []
}
