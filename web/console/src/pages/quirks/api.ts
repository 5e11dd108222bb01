import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { QuirkProfile, Schemas } from '@/api/types'

/** All quirk profiles, those that win last. */
export const profilesQuery = queryOptions({
  queryKey: keys.quirkProfiles,
  queryFn: async ({ signal }): Promise<QuirkProfile[]> => (await answer(api.GET('/api/v1/quirkProfiles', { signal }))).items,
})

/** Has everything read anew that profiles decide. */
function useForget() {
  const client = useQueryClient()
  return () => {
    void client.invalidateQueries({ queryKey: ['behaviour'] })
    return client.invalidateQueries({ queryKey: keys.quirkProfiles })
  }
}

interface Saved {
  id: string
  body: Schemas['NewQuirkProfile']
  /** That on which the change is based; 0 for a profile that no operator has made so far. */
  revision: number
}

/** Makes a profile, or replaces the one with this id if nobody was faster. */
export function useSaveProfile() {
  return useMutation({
    mutationFn: ({ id, body, revision }: Saved) =>
      answer(api.PUT('/api/v1/quirkProfiles/{id}', { params: { path: { id }, header: { 'If-Match': `"r${revision}"` } }, body })),
    onSuccess: useForget(),
  })
}

/** Deletes an operator's profile; a built-in one in whose place it stood is in force again. */
export function useDeleteProfile(id: string) {
  return useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/quirkProfiles/{id}', { params: { path: { id } } })),
    onSuccess: useForget(),
  })
}
