/** One field of an order. */
export interface SortBy {
  field: string
  descending: boolean
}

/** Reads an orderBy such as "lastInform desc, model". */
export function parseSort(orderBy: string): SortBy[] {
  return orderBy.split(',').flatMap((part) => {
    const [field, direction] = part.trim().split(/\s+/)
    return field ? [{ field, descending: direction === 'desc' }] : []
  })
}

export function formatSort(sort: readonly SortBy[]): string {
  return sort.map(({ field, descending }) => (descending ? `${field} desc` : field)).join(', ')
}

const mostFields = 8

/**
 * The order after a click on a header: ascending, then descending, then as before. With add the field
 * joins those that order already; else it is the only one.
 */
export function clickSort(orderBy: string, field: string, add: boolean): string {
  const sort = parseSort(orderBy)
  const now = sort.find((s) => s.field === field)
  const next = !now ? [{ field, descending: false }] : now.descending ? [] : [{ field, descending: true }]
  if (!add) return formatSort(next)
  if (now) return formatSort(sort.flatMap((s) => (s.field === field ? next : [s])))
  return formatSort([...sort, ...next].slice(0, mostFields))
}
