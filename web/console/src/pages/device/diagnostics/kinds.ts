import type { Task } from '@/api/types'
import type { TaskBody } from '@/tasks/api'

/** The kinds of task that have a phone test something, in the order of the page. */
export const diagnosticKinds = ['ipPing', 'traceRoute', 'nsLookup', 'downloadDiagnostics', 'uploadDiagnostics'] as const

export type DiagnosticKind = (typeof diagnosticKinds)[number]

/** A field of the form of a kind; an argument of the task has its name. */
export interface Field {
  name: 'host' | 'url' | 'dnsServer' | 'numberOfRepetitions' | 'numberOfTries' | 'timeoutMilliseconds' | 'dataBlockSize' | 'maxHopCount' | 'testFileLength' | 'dscp' | 'interface'
  /** The least and the greatest number; absent for a text. */
  range?: readonly [least: number, most: number]
  required?: boolean
  /** What stands in it at first. */
  start?: string | number
  /** Seldom needed: shown on demand. */
  rare?: boolean
}

const repetitions: Field = { name: 'numberOfRepetitions', range: [1, 1000], start: 4 }
const timeout: Field = { name: 'timeoutMilliseconds', range: [1, 60_000], start: 2000 }
const size: Field = { name: 'dataBlockSize', range: [1, 65_535], rare: true }
const dscp: Field = { name: 'dscp', range: [0, 63], rare: true }
const port: Field = { name: 'interface', rare: true }
const host: Field = { name: 'host', required: true }
const url: Field = { name: 'url', required: true, start: 'http://' }

/** What the form of each kind asks for. */
export const fieldsOf: Record<DiagnosticKind, readonly Field[]> = {
  ipPing: [host, repetitions, timeout, size, dscp, port],
  traceRoute: [host, { name: 'maxHopCount', range: [1, 64], start: 30 }, timeout, { name: 'numberOfTries', range: [1, 3], rare: true }, size, dscp, port],
  nsLookup: [host, { name: 'dnsServer' }, { ...repetitions, start: 1 }, timeout, port],
  downloadDiagnostics: [url, dscp, port],
  uploadDiagnostics: [url, { name: 'testFileLength', range: [1, 1 << 30], required: true, start: 1_048_576 }, dscp, port],
}

export type Values = Partial<Record<Field['name'], string | number>>

/** The form of a kind before anything was entered. */
export function startOf(kind: DiagnosticKind): Values {
  return Object.fromEntries(fieldsOf[kind].map(({ name, start = '' }) => [name, start]))
}

/** The names of the fields that have to be filled in and are not. */
export function lackingOf(kind: DiagnosticKind, values: Values): Field['name'][] {
  return fieldsOf[kind].filter(({ name, required, start }) => {
    const text = String(values[name] ?? '').trim()
    return required && (text === '' || (name === 'url' && text === start))
  }).map(({ name }) => name)
}

/** The task that the form stands for; what is empty is left to the server or the phone. */
export function taskOf(kind: DiagnosticKind, values: Values): TaskBody {
  const args = fieldsOf[kind].flatMap(({ name, range }) => {
    const text = String(values[name] ?? '').trim()
    return text === '' ? [] : [[name, range ? Number(text) : text] as const]
  })
  return { kind, ...Object.fromEntries(args) } as TaskBody
}

/** The filter that selects the tasks of a kind. */
export const filterOf = (kind: DiagnosticKind) => `kind = ${kind}`

/** Reports whether a task is a test of this kind on this device. */
export function isOf(task: Pick<Task, 'device' | 'kind'>, device: string, kind: DiagnosticKind): boolean {
  return task.device === device && task.kind === kind
}
