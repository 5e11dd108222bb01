import { queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import { asProblem } from '@/api/problem'
import type { Me, Permission } from '@/api/types'

/** Who is signed in; null for nobody. */
export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return await answer(api.GET('/api/v1/me', { signal }))
    } catch (thrown) {
      if (asProblem(thrown).kind === 'unauthenticated') return null
      throw thrown
    }
  },
  staleTime: 5 * 60_000,
  // The session may have ended, or be another's by now.
  refetchOnWindowFocus: 'always',
})

/** Returns who is signed in. Only pages inside the frame may use it: the frame shows them to nobody else. */
export function useMe(): Me {
  const { data } = useSuspenseQuery(meQuery)
  if (!data) throw new Error('a page of the frame is shown to nobody')
  return data
}

/** Reports whether who is signed in has the permission; false while that is not known. */
export function useMay(permission: Permission): boolean {
  const { data } = useQuery(meQuery)
  return data?.permissions.includes(permission) ?? false
}

/** Reports whether who is signed in sees the whole fleet, which some pages need. */
export function useWholeFleet(): boolean {
  const { data } = useQuery(meQuery)
  return data?.scope === ''
}
