import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Device } from '@/api/types'

/** One device; live updates keep it as it is. */
export const deviceQuery = (id: string) =>
  queryOptions({
    queryKey: keys.device(id),
    queryFn: ({ signal }) => answer(api.GET('/api/v1/devices/{id}', { params: { path: { id } }, signal })) as Promise<Device>,
  })
