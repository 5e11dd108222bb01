import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'

/** All roles, the built-in ones first. */
export const rolesQuery = queryOptions({
  queryKey: keys.roles,
  queryFn: async ({ signal }) => (await answer(api.GET('/api/v1/roles', { signal }))).items,
})

/** All permissions in the order of the server. */
export const permissionsQuery = queryOptions({
  queryKey: keys.permissions,
  queryFn: async ({ signal }) => (await answer(api.GET('/api/v1/permissions', { signal }))).items,
  staleTime: Infinity,
})

/** The first groups whose path or title holds the text. */
export function groupSearchQuery(search: string) {
  return queryOptions({
    queryKey: keys.groups({ search, first: true }),
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/v1/groups', { params: { query: search ? { search, pageSize: 50 } : { pageSize: 50 } }, signal }))).items,
  })
}
