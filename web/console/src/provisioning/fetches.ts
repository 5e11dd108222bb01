import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Device, Fetch, Page } from '@/api/types'
import { useLiveChanges } from '@/live/LiveProvider'

const pageSize = 50
const leastGap = 3000

interface Wanted {
  /** Of this device only; empty for all. */
  device: string
  /** Only those that were refused or went wrong. */
  failed: boolean
}

function read({ device, failed }: Wanted, pageToken: string | undefined, signal: AbortSignal): Promise<Page<Fetch>> {
  const query = { pageSize, ...(failed && { failed }), ...(pageToken && { pageToken }) }
  return device
    ? answer(api.GET('/api/v1/devices/{id}/fetches', { params: { path: { id: device }, query }, signal }))
    : answer(api.GET('/api/v1/fetches', { params: { query }, signal }))
}

/** What phones asked for, the newest first. New requests of known phones appear by themselves while the reader is at the top. */
export function useFetches(wanted: Wanted) {
  const queryKey = keys.fetches({ device: wanted.device, failed: wanted.failed })
  const query = useInfiniteQuery({
    queryKey, queryFn: ({ pageParam, signal }) => read(wanted, pageParam, signal), staleTime: 5000,
    initialPageParam: undefined as string | undefined, getNextPageParam: (page) => page.nextPageToken || undefined,
  })
  useNewRequests(queryKey, wanted.device, (query.data?.pages.length ?? 0) <= 1)
  const items = query.data?.pages.flatMap((page) => page.items) ?? []
  const more = () => {
    if (query.hasNextPage && !query.isFetching) void query.fetchNextPage()
  }
  return { query, items, more }
}

/** Has the list read anew when a phone has asked for something; whoever has scrolled down keeps what is read. */
function useNewRequests(queryKey: readonly unknown[], device: string, atTop: boolean) {
  const client = useQueryClient()
  const seen = useRef(new Map<string, string | null>())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  useLiveChanges('device', (changes) => {
    const asked = changes.filter(({ id, now }) => {
      const last = (now as Device | undefined)?.provisioning?.lastFetch ?? null
      const is = last !== null && seen.current.get(id) !== last && (device === '' || device === id)
      seen.current.set(id, last)
      return is
    })
    if (asked.length === 0 || !atTop || timer.current) return
    timer.current = setTimeout(() => {
      timer.current = undefined
      void client.invalidateQueries({ queryKey, exact: true })
    }, leastGapOf(device))
  })
}

// One phone asks now and then; a fleet all the time.
function leastGapOf(device: string): number {
  return device === '' ? leastGap : 300
}
