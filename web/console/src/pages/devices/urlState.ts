import { useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { useSearchTexts } from '@/devices/searchText'

/** What of the list is in the page's address. */
export interface ListState {
  filter: string
  /** As the API's orderBy. */
  sort: string
  /** Empty for the viewer's own. */
  columns: string[]
}

const names = ['filter', 'sort', 'columns'] as const

/** Returns the parameters of the address; what is empty is left out. */
export function searchOf({ filter, sort, columns }: ListState): Record<string, string> {
  return { ...(filter && { filter }), ...(sort && { sort }), ...(columns.length > 0 && { columns: columns.join(',') }) }
}

export function listStateOf(search: Record<(typeof names)[number], string>): ListState {
  return { filter: search.filter, sort: search.sort, columns: search.columns.split(',').filter(Boolean) }
}

/** Returns the state of the list and a function that changes some of it; replace keeps it from being a step back. */
export function useListState() {
  const { filter, sort, columns } = useSearchTexts(names)
  const navigate = useNavigate()
  const state = useMemo(() => listStateOf({ filter, sort, columns }), [filter, sort, columns])
  const change = useCallback((some: Partial<ListState>, replace = false) => {
    void navigate({ to: '/devices', search: searchOf({ ...state, ...some }), replace })
  }, [navigate, state])
  return [state, change] as const
}

/** The address of the CSV of what the list shows. */
export function exportURL(filter: string, orderBy: string, columns: readonly string[]): string {
  const query = new URLSearchParams({ ...(filter && { filter }), ...(orderBy && { orderBy }), columns: columns.join(',') })
  return `/api/v1/devices/export?${query}`
}
