import type { Line, Schemas } from '@/api/types'

/** The fields of a line that are texts. */
export const textFields = ['user', 'authUser', 'displayName', 'label', 'voicemail'] as const

/** What the server takes for a password that it is to make. */
const auto = 'auto'

/** What becomes of the password: the present one stays, one is made, one is given, or there is none. */
export type PasswordChoice = 'keep' | 'auto' | 'given' | 'none'

/** A line as its form has it. */
export interface LineForm extends Record<(typeof textFields)[number], string> {
  group: string
  number: string
  choice: PasswordChoice
  password: string
  listed: boolean
}

/** The form of a line; of a new one of the group without. */
export function formOf(line: Line | undefined, group: string): LineForm {
  const texts = Object.fromEntries(textFields.map((field) => [field, line?.[field] ?? ''])) as Record<(typeof textFields)[number], string>
  return { ...texts, group: line?.group ?? group, number: line?.number ?? '', choice: line ? 'keep' : 'auto', password: '', listed: line?.listed ?? true }
}

/** The body that adds a line. */
export function newLineOf(form: LineForm): Schemas['NewLine'] {
  const texts = Object.fromEntries(textFields.map((field) => [field, form[field].trim()] as const).filter(([, text]) => text !== ''))
  const password = form.choice === 'auto' ? auto : form.choice === 'given' ? form.password : ''
  return { group: form.group, number: form.number.trim(), ...texts, ...(password && { password }), ...(form.listed && { listed: true }) }
}

/** The body that changes a line: what is as before is left out. */
export function patchOf(line: Line, form: LineForm): Schemas['LinePatch'] {
  const patch: Schemas['LinePatch'] = {}
  for (const field of textFields) {
    const text = form[field].trim()
    if (text !== line[field]) patch[field] = text
  }
  if (form.listed !== line.listed) patch.listed = form.listed
  if (form.choice === 'auto') patch.password = auto
  if (form.choice === 'given') patch.password = form.password
  if (form.choice === 'none') patch.password = null
  return patch
}
