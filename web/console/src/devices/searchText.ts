import { useSearch } from '@tanstack/react-router'

/** A parameter of the page's address as text. The router reads what looks like a number or a boolean as one. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Returns the parameters of the page's address as texts. */
export function useSearchTexts<Name extends string>(names: readonly Name[]): Record<Name, string> {
  const search: Record<string, unknown> = useSearch({ strict: false })
  return Object.fromEntries(names.map((name) => [name, textOf(search[name])])) as Record<Name, string>
}
