import type { Schemas, Stranger } from '@/api/types'

/** What the form of an adoption holds. */
export interface AdoptionForm {
  mac: string
  model: string
  group: string
  line: string
}

/** The form for a phone, with what it told. */
export function formOf({ mac, model }: Pick<Stranger, 'mac' | 'model'>): AdoptionForm {
  return { mac, model, group: '', line: '' }
}

/** Returns the body of the call; what is empty is left out, and so is what the phone told itself. */
export function adoptionOf(form: AdoptionForm, told: Pick<Stranger, 'mac' | 'model'>): Schemas['Adoption'] {
  const given = (Object.entries(form) as [keyof AdoptionForm, string][]).map(([name, text]) => [name, text.trim()] as const)
  return Object.fromEntries(given.filter(([name, text]) => text !== '' && !((name === 'mac' || name === 'model') && text === told[name])))
}

/** What to call a phone that is not known. */
export function strangerName({ model, mac, serialNumber, address }: Pick<Stranger, 'model' | 'mac' | 'serialNumber' | 'address'>): string {
  return [model, mac || serialNumber || address].filter(Boolean).join(' ')
}
