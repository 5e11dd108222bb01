import type { FieldError, QuirkProfile, Schemas } from '@/api/types'
import { formatted } from '@/tasks/json'

/** What the form of a profile holds; the behaviour is JSON as it is written. */
export interface ProfileForm {
  id: string
  name: string
  why: string
  disabled: boolean
  priority: number | string
  manufacturer: string
  oui: string
  productClass: string
  softwareVersion: string
  behaviour: string
}

export const deviceFields = ['manufacturer', 'oui', 'productClass', 'softwareVersion'] as const

const idRule = /^[a-z0-9-]{1,64}$/

/** Reports whether text can be the id of a profile. */
export function isProfileID(text: string): boolean {
  return idRule.test(text)
}

/** The form of a profile, or of a new one. */
export function formOf(profile?: Omit<QuirkProfile, 'builtIn' | 'replaces'>): ProfileForm {
  const devices = profile?.devices ?? {}
  return {
    id: profile?.id ?? '', name: profile?.name ?? '', why: profile?.why ?? '', disabled: profile?.disabled ?? false, priority: profile?.priority ?? 0,
    manufacturer: devices.manufacturer ?? '', oui: devices.oui ?? '', productClass: devices.productClass ?? '', softwareVersion: devices.softwareVersion ?? '',
    behaviour: formatted(profile?.behaviour ?? {}),
  }
}

/** An id for a copy that no profile has. */
export function copyID(id: string, taken: readonly string[]): string {
  const base = id.slice(0, 55)
  for (let i = 1; ; i++) {
    const wanted = i === 1 ? `${base}-copy` : `${base}-copy-${i}`
    if (!taken.includes(wanted)) return wanted
  }
}

/** The body that the form stands for; the behaviour as it is read, or why it cannot be read. */
export function bodyOf(form: ProfileForm): { body: Schemas['NewQuirkProfile'] } | { wrong: string } {
  let behaviour: unknown
  try {
    behaviour = JSON.parse(form.behaviour.trim() || '{}')
  } catch (thrown) {
    return { wrong: thrown instanceof Error ? thrown.message : '' }
  }
  if (typeof behaviour !== 'object' || behaviour === null || Array.isArray(behaviour)) return { wrong: '' }
  const devices = Object.fromEntries(deviceFields.map((field) => [field, form[field].trim()]).filter(([, pattern]) => pattern !== ''))
  return {
    body: {
      name: form.name.trim(), devices, behaviour,
      ...(form.why.trim() ? { why: form.why.trim() } : {}), ...(form.disabled ? { disabled: true } : {}), ...(Number(form.priority) ? { priority: Number(form.priority) } : {}),
    },
  }
}

/** A fault of the behaviour: the field, the line of the JSON where it begins if it is found, and what was expected. */
export interface BehaviourFault {
  field: string
  line?: number
  message: string
}

const prefix = 'body.behaviour'

/** What the server says of the behaviour, with the lines of the text that it is about. */
export function faultsOf(errors: readonly FieldError[], text: string): BehaviourFault[] {
  return errors.filter(({ location = '' }) => location.startsWith(prefix)).map(({ location = '', message }) => {
    const field = location.slice(prefix.length).replace(/^\./, '')
    const line = lineOf(text, field)
    return { field, message, ...(line ? { line } : {}) }
  })
}

function lineOf(text: string, field: string): number | undefined {
  const name = /^[^.[]+/.exec(field)?.[0]
  if (!name) return undefined
  const at = text.indexOf(`${JSON.stringify(name)}`)
  return at < 0 ? undefined : text.slice(0, at).split('\n').length
}
