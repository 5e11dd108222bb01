import type { Hint, Place } from '@/json/place'
import { behaviourFields, isKnown } from '@/quirks/fields'

const details = { number: 'number', boolean: 'true | false', list: 'string[]', codes: 'number[]', types: '{pattern: type}' } as const
const begins = { number: '', boolean: 'true', list: '[""]', codes: '[9001]', types: '{"": "xsd:string"}' } as const
const types = ['string', 'int', 'unsignedInt', 'long', 'unsignedLong', 'boolean', 'dateTime', 'base64', 'hexBinary', 'decimal'].map((name) => `"xsd:${name}"`)

/** What can be proposed at a place of a behaviour. */
export function hintsFor(place: Place): Hint[] {
  if (place.wants === 'name') {
    if (place.depth > 1) return []
    return Object.entries(behaviourFields).map(([label, type]) => ({ label, detail: details[type], apply: `"${label}": ${begins[type]}` }))
  }
  if (place.depth > 1) return types.map((label) => ({ label }))
  return isKnown(place.property) && behaviourFields[place.property] === 'boolean' ? ['true', 'false'].map((label) => ({ label })) : []
}
