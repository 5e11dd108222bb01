import type { TaskKind } from '@/api/types'
import type { TaskBody } from '@/tasks/api'
import { argumentsOf, commonArguments } from '@/tasks/arguments'

/** What is wrong with what was written: an end of the text keys expert.wrong.…, and what it is about. */
export type Wrong = { wrong: 'json'; detail: string } | { wrong: 'object'; detail: '' } | { wrong: 'kind' | 'unknown' | 'missing'; detail: string }

/** Makes the body of a task of what was written; the server checks the values. */
export function readBody(kind: TaskKind, text: string): { body: TaskBody } | Wrong {
  let value: unknown
  try {
    value = JSON.parse(text.trim() === '' ? '{}' : text)
  } catch (thrown) {
    return { wrong: 'json', detail: thrown instanceof Error ? thrown.message : '' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { wrong: 'object', detail: '' }
  if ('kind' in value && value.kind !== kind) return { wrong: 'kind', detail: String(value.kind) }
  const known = [...argumentsOf[kind], ...commonArguments].map((a) => a.name)
  const unknown = Object.keys(value).find((name) => name !== 'kind' && !known.includes(name))
  if (unknown !== undefined) return { wrong: 'unknown', detail: unknown }
  const missing = argumentsOf[kind].find((a) => a.required && !(a.name in value))
  if (missing) return { wrong: 'missing', detail: missing.name }
  return { body: { ...value, kind } as TaskBody }
}
