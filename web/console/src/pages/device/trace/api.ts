import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Page, TraceMessage, TraceOrder } from '@/api/types'

const pause = 2000
const ordersPause = 15_000

/** What is being traced, and was in the last week. Orders come and go at other hands, and end by themselves. */
export const traceOrdersQuery = queryOptions({
  queryKey: keys.traceOrders,
  queryFn: async ({ signal }): Promise<TraceOrder[]> => (await answer(api.GET('/api/v1/traceOrders', { signal }))).items,
  refetchInterval: ordersPause,
})

/** Every message that was traced of a device, in the order in which they came and went; while live, what is new is read every two seconds. */
export const traceQuery = (id: string, live: boolean) =>
  queryOptions({
    queryKey: keys.trace(id),
    queryFn: ({ client, signal }) => readOn(id, known(client, id), signal),
    refetchInterval: live ? pause : false,
    // A trace holds up to 16 MiB: it is not compared with what it was, and not kept for later.
    structuralSharing: false,
    gcTime: 0,
  })

const known = (client: QueryClient, id: string): TraceMessage[] => client.getQueryData<TraceMessage[]>(keys.trace(id)) ?? []

/** Reads what follows on the messages that are known; the same list comes back if there is nothing new. */
async function readOn(id: string, messages: TraceMessage[], signal: AbortSignal): Promise<TraceMessage[]> {
  const fresh: TraceMessage[] = []
  for (let after = messages.at(-1)?.id ?? ''; ;) {
    const query = { pageSize: 500, ...(after ? { after } : {}) }
    const page: Page<TraceMessage> = await answer(api.GET('/api/v1/devices/{id}/trace', { params: { path: { id }, query }, signal }))
    fresh.push(...page.items)
    if (!page.nextPageToken) return fresh.length === 0 ? messages : [...messages, ...fresh]
    after = page.nextPageToken
  }
}

/** Where the browser gets the trace of a device as a file. */
export const exportPath = (id: string) => `/api/v1/devices/${encodeURIComponent(id)}/trace/export`

/** Orders the trace of a device. */
export function useOrderTrace(device: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (order: { minutes: number; reason: string }) => answer(api.POST('/api/v1/traceOrders', { body: { device, ...order } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.traceOrders }),
  })
}

/** Ends an order; what was traced stays. */
export function useEndTrace() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/v1/traceOrders/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.traceOrders }),
  })
}

/** Deletes what was traced of a device. */
export function useDeleteTrace(device: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/devices/{id}/trace', { params: { path: { id: device } } })),
    onSuccess: () => {
      client.setQueryData(keys.trace(device), [])
      return client.invalidateQueries({ queryKey: keys.trace(device) })
    },
  })
}
