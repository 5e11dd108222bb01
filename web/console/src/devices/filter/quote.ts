const plain = /^[A-Za-z0-9._/+:][A-Za-z0-9._/+:-]*$/
const keywords = new Set(['AND', 'OR', 'NOT'])

/** Writes a text as a constant of the filter language: as it is where that is safe, else in quotes. */
export function quote(text: string): string {
  if (plain.test(text) && !keywords.has(text.toUpperCase())) return text
  return `"${text.replace(/["\\*]/g, '\\$&')}"`
}

/** The filter that selects what has exactly this value; an empty one selects what has none. */
export function equals(field: string, value: string): string {
  return `${field} = ${value === '' ? '""' : quote(value)}`
}

/** Joins filters so that all of them hold; empty ones and * ask for nothing. */
export function all(...filters: readonly string[]): string {
  const asked = filters.map((f) => f.trim()).filter((f) => f !== '' && f !== '*')
  if (asked.length < 2) return asked[0] ?? ''
  return asked.map((f) => (isSimple(f) ? f : `(${f})`)).join(' ')
}

function isSimple(filter: string): boolean {
  return !/\s/.test(filter) || /^[\w.]+ (=|!=|<|<=|>|>=) (?:"(?:[^"\\]|\\.)*"|[^\s"()]+)$/.test(filter)
}
