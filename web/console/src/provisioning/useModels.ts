import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useMay } from '@/auth/me'
import { packQuery, packsQuery } from './packs'
import { modelsOf, type KnownModel } from './models'

/** Every model that a vendor pack serves; known is false until all packs were read, and stays so for those who may not read them. */
export function useModels(): { models: KnownModel[]; known: boolean } {
  const may = useMay('settings.read')
  const list = useQuery({ ...packsQuery, enabled: may })
  const names = useMemo(() => (list.data ?? []).filter(({ active }) => active !== '').map(({ name }) => name), [list.data])
  return useQueries({
    queries: names.map((name) => ({ ...packQuery(name), staleTime: 5 * 60_000 })),
    combine: (results) => ({
      models: modelsOf(results.flatMap(({ data }) => data ?? [])),
      known: list.data !== undefined && results.every(({ isPending }) => !isPending),
    }),
  })
}
