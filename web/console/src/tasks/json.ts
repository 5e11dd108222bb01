/** A value as indented JSON. */
export function formatted(value: unknown): string {
  return JSON.stringify(value, null, 2)
}

/** Reports whether a value has nothing to show: null, an empty object or an empty list. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}
