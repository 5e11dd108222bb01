import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { keys } from './keys'
import { asProblem, type ProblemError } from './problem'
import type { Me } from './types'

const mayPass = new Set(['network', 'unavailable', 'timeout'])

/**
 * Makes the cache of answers. When the server says that nobody is signed in, or that the password must
 * change, who is signed in is asked anew, and the frame shows the right page.
 */
export function newQueryClient(): QueryClient {
  const onError = (error: unknown) => noticeSignedOut(client, asProblem(error))
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error, query) => { if (query.queryKey[0] !== keys.me[0]) onError(error) } }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) => failures < 2 && mayPass.has(asProblem(error).kind),
        refetchOnWindowFocus: false,
      },
      mutations: { retry: false },
    },
  })
  return client
}

function noticeSignedOut(client: QueryClient, problem: ProblemError) {
  const me = client.getQueryData<Me | null>(keys.me)
  if (!me) return
  if (problem.kind === 'unauthenticated' || problem.kind === 'password-change-required') void client.refetchQueries({ queryKey: keys.me })
}
