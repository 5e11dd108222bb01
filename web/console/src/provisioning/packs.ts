import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Pack, PackDetail } from '@/api/types'

/** All vendor packs. */
export const packsQuery = queryOptions({
  queryKey: keys.packs,
  queryFn: async ({ signal }): Promise<Pack[]> => (await answer(api.GET('/api/v1/packs', { signal }))).items,
})

/** A version of a vendor pack; without one that in force. */
export const packQuery = (name: string, version = '') =>
  queryOptions({
    queryKey: keys.pack(name, version),
    queryFn: ({ signal }): Promise<PackDetail> => answer(api.GET('/api/v1/packs/{name}', { params: { path: { name }, query: version ? { version } : {} }, signal })),
  })
