import type { Schemas } from '@/api/types'

export type Line = Schemas['Line']

/** The lines that a device of a group may be bound to, the nearest group first: of two with the same number only the nearer counts. */
export function linesFor(group: string, lines: readonly Pick<Line, 'group' | 'number' | 'displayName'>[]): Pick<Line, 'group' | 'number' | 'displayName'>[] {
  const reach = (other: string) => other === '' || other === group || group.startsWith(`${other}/`)
  const depth = (path: string) => (path === '' ? 0 : path.split('/').length)
  const near = lines.filter((line) => reach(line.group)).toSorted((a, b) => depth(b.group) - depth(a.group) || a.number.localeCompare(b.number, undefined, { numeric: true }))
  return near.filter((line, i) => near.findIndex(({ number }) => number === line.number) === i)
}
