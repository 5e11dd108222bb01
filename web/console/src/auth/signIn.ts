import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'

/** The ways to sign in that the server offers. */
export const signInMethodsQuery = queryOptions({
  queryKey: keys.signIn,
  queryFn: ({ signal }) => answer(api.GET('/api/v1/signIn', { signal })),
  staleTime: Infinity,
})
