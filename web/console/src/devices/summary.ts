import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'

/** What the fleet is made of. Live updates have it counted anew now and then, not with each event. */
export const summaryQuery = queryOptions({
  queryKey: keys.deviceSummary,
  queryFn: ({ signal }) => answer(api.GET('/api/v1/devices/summary', { signal })),
  staleTime: 10_000,
})
