/** What is wrong with a value: the end of a text key parameters.invalid.… */
export type Invalid = 'integer' | 'range' | 'decimal' | 'dateTime' | 'hex' | 'base64' | 'characters'

const bounds: Record<string, [bigint, bigint]> = {
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  unsignedInt: [0n, 2n ** 32n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
  unsignedLong: [0n, 2n ** 64n - 1n],
}

/** The name of an XSD type without its prefix, such as string for xsd:string. */
export function shortType(type: string): string {
  return type.replace(/^.*:/, '')
}

/** Checks a value against the XSD type that the phone reports; undefined if it can be. */
export function checkValue(type: string, value: string): Invalid | undefined {
  const name = shortType(type)
  if (name in bounds) return checkInteger(bounds[name]!, value)
  switch (name) {
    case 'decimal':
      return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(value.trim()) ? undefined : 'decimal'
    case 'dateTime':
      return isDateTime(value.trim()) ? undefined : 'dateTime'
    case 'hexBinary':
      return /^([0-9a-f]{2})*$/i.test(value) ? undefined : 'hex'
    case 'base64':
    case 'base64Binary':
      return /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value) && value.replace(/\s/g, '').length % 4 === 0 ? undefined : 'base64'
    default:
      return isText(value) ? undefined : 'characters'
  }
}

function checkInteger([least, most]: [bigint, bigint], value: string): Invalid | undefined {
  if (!/^[+-]?\d+$/.test(value.trim())) return 'integer'
  const number = BigInt(value.trim().replace(/^\+/, ''))
  return number < least || number > most ? 'range' : undefined
}

function isDateTime(value: string): boolean {
  return /^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/.test(value) && isDay(value)
}

function isDay(value: string): boolean {
  // 0001-01-01T00:00:00Z is CWMP's unknown time, and can be sent.
  const [, year, month, day] = /^-?(\d{4,})-(\d\d)-(\d\d)T/.exec(value) ?? []
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= new Date(Date.UTC(Number(year) % 400 + 2000, Number(month), 0)).getUTCDate()
}

/** XML 1.0 has no place for most control characters. */
function isText(value: string): boolean {
  return [...value].every((c) => c >= ' ' || c === '\t' || c === '\n' || c === '\r')
}

/** Reports whether a type is a boolean. */
export function isBoolean(type: string): boolean {
  return shortType(type) === 'boolean'
}

/** Reads a boolean as CWMP writes it: true, false, 1 or 0. */
export function isTrue(value: string | null): boolean {
  return value === '1' || value?.toLowerCase() === 'true'
}

/** Writes a boolean in the way in which the phone wrote the one before. */
export function booleanText(on: boolean, before: string | null): string {
  if (before === '0' || before === '1') return on ? '1' : '0'
  return on ? 'true' : 'false'
}
