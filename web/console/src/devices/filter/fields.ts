import { queryOptions, useQuery } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { FilterField } from '@/api/types'

/** The lists that filters can be for. */
export type FilterOf = 'devices' | 'tasks' | 'files' | 'audit'

/** The fields that filters of a list may name, with the values that are known of them. */
export function filterFieldsQuery(of: FilterOf) {
  return queryOptions({
    queryKey: keys.filterFields(of),
    queryFn: ({ signal }) => answer(api.GET('/api/v1/filterFields', { params: { query: { of } }, signal })),
    staleTime: 60_000,
  })
}

const none: FilterField[] = []

/** Returns the fields; none while they are not known. */
export function useFilterFields(of: FilterOf): FilterField[] {
  return useQuery(filterFieldsQuery(of)).data?.items ?? none
}
