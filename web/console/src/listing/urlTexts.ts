/** Parameters of an address by their names; empty where there is none. */
export type Texts<Name extends string> = Record<Name, string>

/** Returns the named parameters as texts. The router reads what looks like a number or a boolean as one. */
export function textsOf<Name extends string>(search: Record<string, unknown>, names: readonly Name[]): Texts<Name> {
  return Object.fromEntries(names.map((name) => [name, textOf(search[name])])) as Texts<Name>
}

/** Returns all parameters with some changed; those that are empty are left out. */
export function changedSearch(old: Record<string, unknown>, changed: Partial<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...old, ...changed }).filter(([, value]) => value !== '' && value !== undefined))
}

/** Splits a parameter that holds several words, such as "failed,expired". */
export function wordsOf(text: string): string[] {
  return text.split(',').filter((word) => word !== '')
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
