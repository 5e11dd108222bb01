import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import { asProblem } from '@/api/problem'
import type { Preferences } from '@/api/types'

const storageKey = 'dialtone.preferences'

/** Reads what the viewer prefers: from the server, or from this browser for who is no user. */
export async function readPreferences(signal?: AbortSignal): Promise<Preferences> {
  try {
    return await answer(api.GET('/api/v1/me/preferences', { signal }))
  } catch (thrown) {
    if (asProblem(thrown).kind !== 'forbidden') throw thrown
    return here()
  }
}

/** Writes one preference and leaves all others as they are. Returns all of them. */
export async function writePreference(key: string, value: unknown): Promise<Preferences> {
  // Read anew: another page or browser may have written others meanwhile.
  const all = { ...(await readPreferences()), [key]: value }
  try {
    await answer(api.PUT('/api/v1/me/preferences', { body: all }))
  } catch (thrown) {
    if (asProblem(thrown).kind !== 'forbidden') throw thrown
    localStorage.setItem(storageKey, JSON.stringify(all))
  }
  return all
}

function here(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}')
    return typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? (stored as Preferences) : {}
  } catch {
    return {}
  }
}

/** Returns one preference, undefined while it is not known, and how to write it. */
export function usePreference(key: string) {
  const client = useQueryClient()
  const { data, error } = useQuery({ queryKey: keys.preferences, queryFn: ({ signal }) => readPreferences(signal), staleTime: 60_000 })
  const write = useMutation({
    mutationFn: (value: unknown) => writePreference(key, value),
    onSuccess: (all) => client.setQueryData(keys.preferences, all),
  })
  return { value: data?.[key], problem: error, write }
}
