import { queryOptions, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Preferences } from '@/api/types'
import { PreferencesWriter } from './writer'

// One for each cache, so that changes of all pages are written together.
const writers = new WeakMap<QueryClient, PreferencesWriter>()

/** Returns the one that writes the preferences that the cache shows. */
export function preferencesWriter(client: QueryClient): PreferencesWriter {
  const writer = writers.get(client) ?? new PreferencesWriter(client)
  writers.set(client, writer)
  return writer
}

function preferencesQuery(client: QueryClient) {
  return queryOptions({
    queryKey: keys.preferences,
    queryFn: async ({ signal }): Promise<Preferences> => {
      const stored = await answer(api.GET('/api/v1/me/preferences', { signal }))
      return preferencesWriter(client).withWaiting(stored)
    },
    staleTime: 60_000,
    // Another tab may have changed them.
    refetchOnWindowFocus: true,
  })
}

/**
 * What the server keeps for the viewer: a JSON object of at most 64 KiB, whose keys name the page or part that
 * owns them, such as "language" or "devices.columns". The values are undefined until they are read, and whatever
 * was stored once: check what you use.
 *
 * change({name: value}) shows the change at once in every part that uses it, and writes it a moment later together
 * with others; other names stay as they are. Undefined removes a name.
 */
export function usePreferences(): { preferences: Preferences | undefined; change: (patch: Preferences) => void } {
  const client = useQueryClient()
  const { data: preferences } = useQuery(preferencesQuery(client))
  const change = useCallback((patch: Preferences) => preferencesWriter(client).change(patch), [client])
  return { preferences, change }
}
