/** Returns text as a constant of the filter language, in which nothing has a special meaning. */
export function quoted(text: string): string {
  return `"${text.replace(/[\\"*]/g, '\\$&')}"`
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
