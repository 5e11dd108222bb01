/** Which devices are selected: single ones, or all that match the filter. */
export interface Selection {
  all: boolean
  ids: ReadonlySet<string>
  /** Where a range begins: the row that was selected last. */
  anchor?: string
}

export const nothing: Selection = { all: false, ids: new Set() }

/** So many single devices can be acted on at once; for more there is "all that match". */
export const mostSelected = 1000

/** Selects a row, or no longer. */
export function toggle(selection: Selection, id: string): Selection {
  const ids = new Set(selection.all ? [] : selection.ids)
  if (!ids.delete(id) && ids.size < mostSelected) ids.add(id)
  return { all: false, ids, anchor: id }
}

/** Selects every row from the anchor to this one; without an anchor just this one. */
export function extend(selection: Selection, id: string, rows: readonly { id: string }[]): Selection {
  const from = rows.findIndex((row) => row.id === selection.anchor)
  const to = rows.findIndex((row) => row.id === id)
  if (from < 0 || to < 0) return toggle(selection, id)
  const ids = new Set(selection.all ? [] : selection.ids)
  for (const row of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) {
    if (ids.size < mostSelected) ids.add(row.id)
  }
  return { all: false, ids, anchor: selection.anchor }
}

/** Selects the loaded rows, as far as single ones can be selected. */
export function selectRows(rows: readonly { id: string }[]): Selection {
  return { all: false, ids: new Set(rows.slice(0, mostSelected).map((row) => row.id)) }
}

export function isSelected(selection: Selection, id: string): boolean {
  return selection.all || selection.ids.has(id)
}

export function sizeOf(selection: Selection, total: number): number {
  return selection.all ? total : selection.ids.size
}
