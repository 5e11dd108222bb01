import { queryOptions, type QueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import { filterFieldsQuery } from '@/devices/filter/fields'
import { textOf } from '@/devices/searchText'
import { renew, type Loaded, type Range } from './pages'

const pageSize = 200
const top: Range = { first: 0, last: 0 }

/** Reads the page of a list that a token names. */
export function readPage(filter: string, orderBy: string, pageToken: string, signal?: AbortSignal): Promise<Loaded['pages'][number]> {
  const query = { pageSize, ...(filter && { filter }), ...(orderBy && { orderBy }), ...(pageToken && { pageToken }) }
  return answer(api.GET('/api/v1/devices', { params: { query }, signal })) as Promise<Loaded['pages'][number]>
}

/** Reads what somebody sees of a list: its first page if nothing of it is known. */
export function readSeen(client: QueryClient, filter: string, orderBy: string, seen: Range, signal: AbortSignal): Promise<Loaded> {
  return renew(client.getQueryData<Loaded>(keys.devices({ filter, orderBy })), seen, (token) => readPage(filter, orderBy, token, signal))
}

/** The devices that match, in an order. */
export function devicesQuery(client: QueryClient, filter: string, orderBy: string) {
  return queryOptions({
    queryKey: keys.devices({ filter, orderBy }),
    queryFn: ({ signal }) => readSeen(client, filter, orderBy, top, signal),
    // Two lists are never equal, and comparing thousands of rows takes a while.
    structuralSharing: false,
  })
}

/** Asks for what the page of an address shows first, so that it is on its way while the page is made. */
export function beginDevices(client: QueryClient, search: Record<string, unknown>): void {
  const query = devicesQuery(client, textOf(search.filter), textOf(search.sort))
  // What is known already is shown at once, and read anew by the page.
  if (client.getQueryData(query.queryKey) === undefined) void client.prefetchQuery(query)
  void client.prefetchQuery(filterFieldsQuery('devices'))
}
