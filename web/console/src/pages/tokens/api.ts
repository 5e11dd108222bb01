import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Schemas, Token } from '@/api/types'

/** A token may have any role; the generated schema may know the built-in ones only. */
export type AnyToken = Omit<Token, 'role'> & { role: string }
export type NewToken = Omit<Schemas['NewToken'], 'role'> & { role: string }

/** All tokens that the viewer sees, in order of creation. */
export const tokensQuery = queryOptions({
  queryKey: keys.tokens,
  queryFn: async ({ signal }): Promise<AnyToken[]> => (await answer(api.GET('/api/v1/tokens', { signal }))).items,
})

export function useCreateToken() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewToken) => answer(api.POST('/api/v1/tokens', { body: body as Schemas['NewToken'] })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.tokens }),
  })
}

export function useDeleteToken(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.tokens }),
  })
}
