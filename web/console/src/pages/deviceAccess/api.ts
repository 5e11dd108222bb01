import { queryOptions, useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { NewAccessRule, NewSharedCredential } from '@/api/types'
import { inOrder } from './order'

/** All rules of device access in the order in which they count; the last one is made by the server's options. */
export const rulesQuery = queryOptions({
  queryKey: keys.accessRules,
  queryFn: async ({ signal }) => inOrder((await answer(api.GET('/api/v1/accessRules', { signal }))).items),
})

/** All shared credentials, without their passwords. */
export const credentialsQuery = queryOptions({
  queryKey: keys.sharedCredentials,
  queryFn: async ({ signal }) => (await answer(api.GET('/api/v1/sharedCredentials', { signal }))).items,
})

/** Has a list read anew, whatever came of a change: a refusal may mean that somebody else changed it. */
function useForget(queryKey: QueryKey) {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey })
}

// A document that is not there yet has the revision 0, so that nothing is replaced unseen.
const only = (revision: number) => ({ 'If-Match': `"r${revision}"` })

/** Makes a rule, with revision 0, or replaces the one that has the revision. */
export function useSaveRule(revision: number) {
  return useMutation({
    mutationFn: ({ id, body }: { id: string; body: NewAccessRule }) =>
      answer(api.PUT('/api/v1/accessRules/{id}', { params: { path: { id }, header: only(revision) }, body })),
    onSettled: useForget(keys.accessRules),
  })
}

export function useDeleteRule(id: string) {
  return useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/accessRules/{id}', { params: { path: { id } } })),
    onSettled: useForget(keys.accessRules),
  })
}

/** Makes a shared credential, with revision 0, or replaces the one that has the revision. */
export function useSaveCredential(revision: number) {
  return useMutation({
    mutationFn: ({ id, body }: { id: string; body: NewSharedCredential }) =>
      answer(api.PUT('/api/v1/sharedCredentials/{id}', { params: { path: { id }, header: only(revision) }, body })),
    onSettled: useForget(keys.sharedCredentials),
  })
}

export function useDeleteCredential(id: string) {
  return useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/sharedCredentials/{id}', { params: { path: { id } } })),
    onSettled: useForget(keys.sharedCredentials),
  })
}
