import { queryOptions, useQuery } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { FilterField } from '@/api/types'
import { provisioningStates } from '@/provisioning/state'

/** The lists that filters can be for. */
export type FilterOf = 'devices' | 'tasks' | 'files' | 'audit'

/** The fields that filters of a list may name, with the values that are known of them. */
export function filterFieldsQuery(of: FilterOf) {
  return queryOptions({
    queryKey: keys.filterFields(of),
    queryFn: async ({ signal }) => {
      const fields = await answer(api.GET('/api/v1/filterFields', { params: { query: { of } }, signal }))
      return { ...fields, items: withKnownValues(fields.items) }
    },
    staleTime: 60_000,
  })
}

const none: FilterField[] = []

/** Fields with the values that the console knows where the server tells none. */
export function withKnownValues(fields: readonly FilterField[]): FilterField[] {
  return fields.map((field) => (field.name === 'provisioning' && !field.values?.length ? { ...field, values: [...provisioningStates] } : field))
}

/** Returns the fields; none while they are not known. */
export function useFilterFields(of: FilterOf): FilterField[] {
  return useQuery(filterFieldsQuery(of)).data?.items ?? none
}
