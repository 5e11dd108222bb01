import type { QueryClient } from '@tanstack/react-query'
import { keys } from '@/api/keys'
import type { Me } from '@/api/types'
import { preferencesWriter } from '@/preferences/usePreferences'

// Those who are not signed in may read these, too.
const open = new Set<unknown>([keys.me[0], keys.signIn[0]])

/**
 * Forgets everything that was read and sent for somebody as soon as nobody or somebody else is signed in, be it that they
 * signed out, in another tab perhaps, or that the session ended. It returns what ends that.
 */
export function forgetOnLeave(client: QueryClient): () => void {
  let before: string | undefined
  return client.getQueryCache().subscribe(({ type, query }) => {
    if (type !== 'updated' || query.queryKey[0] !== keys.me[0]) return
    const now = (query.state.data as Me | null | undefined)?.actor
    if (before !== undefined && now !== before) forget(client)
    before = now
  })
}

function forget(client: QueryClient) {
  preferencesWriter(client).forget()
  client.getMutationCache().clear()
  client.removeQueries({ predicate: (query) => !open.has(query.queryKey[0]) })
}
