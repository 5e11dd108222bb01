import type { Schemas } from '@/api/types'

export type NewPhone = Schemas['NewDevice']

/** Where the phone's first account comes from. */
export type Takes = 'line' | 'account' | 'nothing'

/** What the form of a new phone holds. */
export interface PhoneForm {
  model: string
  mac: string
  group: string
  takes: Takes
  line: string
  user: string
  password: string
  displayName: string
}

export const emptyPhone: PhoneForm = { model: '', mac: '', group: '', takes: 'line', line: '', user: '', password: '', displayName: '' }

/** Reports whether text is a MAC address, however its pairs are parted. */
export function isMAC(text: string): boolean {
  return /^[0-9a-f]{12}$/i.test(text.trim().replace(/[:.\s-]/g, ''))
}

/** The settings of the phone itself that the form says. */
export function settingsOf({ takes, user, password, displayName }: Pick<PhoneForm, 'takes' | 'user' | 'password' | 'displayName'>): Schemas['SetSetting'][] {
  if (takes === 'nothing') return []
  const said: [string, string][] = takes === 'account' ? [['account.1.user', user.trim()], ['account.1.password', password]] : []
  return [...said, ['account.1.displayName', displayName.trim()] as [string, string]].filter(([, value]) => value !== '').map(([path, value]) => ({ path, value }))
}

/** Returns the body of the call; what is empty is left out. */
export function newPhoneOf(form: PhoneForm): NewPhone {
  const settings = settingsOf(form)
  const line = form.takes === 'line' ? form.line.trim() : ''
  return {
    mac: form.mac.trim(),
    ...(form.model.trim() && { model: form.model.trim() }), ...(form.group.trim() && { group: form.group.trim() }),
    ...(line && { line }), ...(settings.length > 0 && { settings }),
  }
}

/** The places of the form that a problem's places of the body mean. */
export function fieldOf(location: string, settings: readonly { path: string }[]): keyof PhoneForm | undefined {
  const field = /^body\.(mac|model|group|line)$/.exec(location)?.[1]
  if (field) return field as keyof PhoneForm
  const index = /^body\.(?:settings|set)\[(\d+)\]/.exec(location)?.[1]
  const path = index === undefined ? undefined : settings[Number(index)]?.path
  return path === 'account.1.user' ? 'user' : path === 'account.1.password' ? 'password' : path === 'account.1.displayName' ? 'displayName' : undefined
}
