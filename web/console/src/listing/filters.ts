const plain = /^[A-Za-z0-9._/+:][A-Za-z0-9._/+:-]*$/
const keywords = new Set(['AND', 'OR', 'NOT'])

/** Returns text as a constant of the filter language, in which nothing has a special meaning. */
export function quoted(text: string): string {
  return `"${text.replace(/[\\"*]/g, '\\$&')}"`
}

/** The same for filters that people read: the text as it is where that is safe behind an operator, else quoted. */
export function quote(text: string): string {
  return plain.test(text) && !keywords.has(text.toUpperCase()) ? text : quoted(text)
}

/** The filter that selects what has exactly this value; an empty one selects what has none. */
export function equals(field: string, value: string): string {
  return `${field} = ${quote(value)}`
}

/** The words of a text, each as it is: what is typed in a search beside others is no filter. */
export function wordsIn(text: string): string {
  return text.split(/\s+/).filter(Boolean).map(word).join(' ')
}

// A colon would be an operator, but for that of a whole MAC address.
function word(text: string): string {
  return text.includes(':') && !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text) ? quoted(text) : quote(text)
}

/** The filter that a field has one of the values; empty without values. */
export function oneOf(field: string, values: readonly string[]): string {
  return values.map((value) => `${field} = ${quoted(value)}`).join(' OR ')
}

/**
 * The filter that all of the filters select, without those that are empty. The first is what somebody
 * typed and may hold anything, so that it stands in parentheses unless it is alone. The others are made by oneOf
 * and the like: OR binds tighter than AND.
 */
export function allOf(typed: string, ...made: readonly string[]): string {
  const parts = made.filter((part) => part !== '')
  if (typed.trim() === '') return parts.join(' AND ')
  return parts.length === 0 ? typed.trim() : [`(${typed.trim()})`, ...parts].join(' AND ')
}

/** The devices of a group and of all groups below it. */
export function ofSubtree(group: string): string {
  const inside = quoted(`${group}/`)
  return `group = ${quoted(group)} OR group = ${inside.slice(0, -1)}*"`
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
