import type { ProblemError } from '@/api/problem'
import type { AccessRule, NewAccessRule, NewSharedCredential, SharedCredential } from '@/api/types'
import { durationOf, spanOf, type Span } from './span'

export type Method = AccessRule['methods'][number]
export type Reaction = NonNullable<AccessRule['unknown']>

export const methods = ['none', 'basic', 'digest', 'certificate', 'proxy'] as const satisfies readonly Method[]
export const reactions = ['accept', 'quarantine', 'refuse'] as const satisfies readonly Reaction[]
export const templates = ['serialNumber', 'productClass', 'oui', 'mac'] as const

/** What Cisco's phones have in their certificates. */
export const ciscoIdentity = { serialNumber: '{L}', productClass: '{OU}', oui: '', mac: '{ST}' }

/** The names of the CWMP listeners that a server may have. */
export const listeners = ['cwmp', 'cwmp-legacy'] as const

/** The fields that filters here may name: what a device is, never how it is at the moment. */
export const filterFields: readonly string[] = [
  'id', 'manufacturer', 'oui', 'productClass', 'serialNumber', 'mac', 'model', 'hardwareVersion', 'softwareVersion', 'address', 'tags', 'group',
]

/** A rule as the form has it. */
export interface RuleValues {
  id: string
  name: string
  priority: number | string
  enabled: boolean
  listeners: string[]
  filter: string
  methods: Method[]
  basicWithoutTLS: boolean
  unknown: Reaction
  rebootstrap: Reaction
  rotate: boolean
  renewAmount: number | string
  renewUnit: Span['unit']
  serialNumber: string
  productClass: string
  oui: string
  mac: string
  generic: string[]
}

/** The rule for the form; of a new one the careful choices. */
export function valuesOf(rule?: AccessRule): RuleValues {
  const { amount, unit } = spanOf(rule?.rotateAfter ?? '')
  const { serialNumber = '', productClass = '', oui = '', mac = '', generic } = rule?.identity ?? {}
  return {
    id: rule?.id ?? '', name: rule?.name ?? '', priority: rule?.priority ?? 0, enabled: rule?.enabled ?? true, listeners: rule?.listeners ?? [], filter: rule?.filter ?? '',
    methods: rule?.methods ?? [], basicWithoutTLS: rule?.basicWithoutTLS ?? false, unknown: rule?.unknown ?? 'quarantine', rebootstrap: rule?.rebootstrap ?? 'quarantine',
    rotate: rule?.rotate ?? false, renewAmount: amount, renewUnit: unit, serialNumber, productClass, oui, mac, generic: generic ?? [],
  }
}

/** Reports whether one of the methods asks for a password, or shows a certificate. */
export const asksPassword = (chosen: readonly Method[]) => chosen.includes('basic') || chosen.includes('digest')
export const asksCertificate = (chosen: readonly Method[]) => chosen.includes('certificate') || chosen.includes('proxy')

/** The rule as the server takes it, without what its methods have no use for. */
export function ruleOf(values: RuleValues): NewAccessRule {
  const rotate = values.rotate && asksPassword(values.methods)
  const rotateAfter = rotate ? durationOf({ amount: values.renewAmount === '' ? '' : Number(values.renewAmount), unit: values.renewUnit }) : ''
  const given = templates.map((name) => [name, values[name].trim()] as const).filter(([, text]) => text !== '')
  return {
    name: values.name.trim(), priority: Number(values.priority), enabled: values.enabled, methods: methods.filter((m) => values.methods.includes(m)),
    basicWithoutTLS: values.basicWithoutTLS && values.methods.includes('basic'), unknown: values.unknown, rebootstrap: values.rebootstrap, rotate,
    ...(values.listeners.length > 0 && { listeners: values.listeners }),
    ...(values.filter.trim() !== '' && { filter: values.filter }),
    ...(rotateAfter && { rotateAfter }),
    ...(asksCertificate(values.methods) && { identity: { ...Object.fromEntries(given), ...(values.generic.length > 0 && { generic: values.generic }) } }),
  }
}

/** A shared credential as the form has it. */
export interface CredentialValues {
  id: string
  name: string
  username: string
  password: string
  enabled: boolean
  rule: string
  listeners: string[]
  filter: string
}

/** The credential for the form, its password empty. */
export function credentialValuesOf(credential?: SharedCredential): CredentialValues {
  return {
    id: credential?.id ?? '', name: credential?.name ?? '', username: credential?.username ?? '', password: '', enabled: credential?.enabled ?? true,
    rule: credential?.rule ?? '', listeners: credential?.listeners ?? [], filter: credential?.filter ?? '',
  }
}

/** The credential as the server takes it; without a password the one that is there stays. */
export function credentialOf(values: CredentialValues): NewSharedCredential {
  return {
    username: values.username, enabled: values.enabled, listeners: values.listeners,
    ...(values.name.trim() && { name: values.name.trim() }),
    ...(values.password && { password: values.password }),
    ...(values.rule && { rule: values.rule }),
    ...(values.filter.trim() !== '' && { filter: values.filter }),
  }
}

/** What the credential is called. */
export const titleOf = ({ name, username }: Pick<SharedCredential, 'name' | 'username'>) => name || username

/** Makes an ID of a name: a-z, 0-9 and hyphens, at most 64. */
export function idOf(name: string): string {
  return name.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '').replace(/[^a-z0-9]+/g, '-').slice(0, 64).replace(/^-|-$/g, '')
}

export const isID = (id: string) => /^[a-z0-9-]{1,64}$/.test(id)

/** The messages of a refusal by the fields of the form; that of a filter has a place of its own. */
export function errorsOf(problem: ProblemError): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { location, message } of problem.errors) {
    const field = location.replace(/^(body|path)\./, '').replace(/^identity\./, '').replace(/\[\d+\]$/, '')
    if (field === 'filter') continue
    found[formField[field] ?? field] = message
  }
  return found
}

const formField: Record<string, string> = { identity: 'serialNumber', rotateAfter: 'renewAmount' }
