import type { FilterField } from '@/api/types'

/** A column of the table: its name is that of a field of filters, or "state". */
export interface Column {
  name: string
  /** orderBy may name it. */
  orders: boolean
  /** The least width in pixels, and its part of what is left. */
  least: number
  grow: number
}

const checkWidth = 36

const widths: Record<string, [least: number, grow: number]> = {
  state: [136, 0], mac: [144, 0], serialNumber: [112, 1], model: [104, 1], softwareVersion: [96, 1], hardwareVersion: [100, 0.5],
  group: [104, 1.5], tags: [106, 1.5], address: [104, 0], lastInform: [112, 0], firstSeen: [112, 0], manufacturer: [110, 0.5],
  oui: [72, 0], productClass: [130, 1], revision: [80, 0], alarms: [130, 1], id: [230, 0], pack: [100, 0.5], provisioning: [130, 0], lastFetch: [136, 0],
}

export const standardColumns = ['state', 'serialNumber', 'mac', 'model', 'softwareVersion', 'group', 'tags', 'address', 'lastInform']

const parameter = 'parameter.'

/** The name of an indexed parameter, if the column is one. */
export function parameterOf(column: string): string | undefined {
  return column.startsWith(parameter) ? column.slice(parameter.length) : undefined
}

/** Every column that there can be. States are one column and not the four fields that filters have for them. */
export function allColumns(fields: readonly FilterField[]): Column[] {
  const known = fields.filter((f) => f.type !== 'bool')
  const named = known.length > 0 ? known.map((f) => ({ name: f.name, orders: f.orders })) : standardColumns.slice(1).map((name) => ({ name, orders: false }))
  return [{ name: 'state', orders: false }, ...named].map(sized)
}

function sized({ name, orders }: { name: string; orders: boolean }): Column {
  const [least, grow] = widths[name] ?? [130, 1]
  return { name, orders, least, grow }
}

/** Returns the columns to show: the named ones that exist, else the standard ones. */
export function chosenColumns(names: readonly string[], every: readonly Column[]): Column[] {
  const find = (wanted: readonly string[]) => wanted.flatMap((name) => every.find((c) => c.name === name) ?? [])
  const chosen = find([...new Set(names)])
  return chosen.length > 0 ? chosen : find(standardColumns)
}

/** Moves a column one place to the left (-1) or right (1). */
export function moved(names: readonly string[], name: string, by: -1 | 1): string[] {
  const from = names.indexOf(name)
  const to = from + by
  if (from < 0 || to < 0 || to >= names.length) return [...names]
  const after = [...names]
  ;[after[from], after[to]] = [after[to]!, after[from]!]
  return after
}

/** The template of the grid whose rows are the table's. */
export function gridTemplate(columns: readonly Column[]): string {
  return [`${checkWidth}px`, ...columns.map((c) => (c.grow > 0 ? `minmax(${c.least}px, ${c.grow}fr)` : `${c.least}px`))].join(' ')
}

/** The width below which the table scrolls sideways. */
export function leastWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, c) => sum + c.least, checkWidth)
}
