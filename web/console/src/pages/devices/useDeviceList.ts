import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Device } from '@/api/types'
import { useLiveChanges } from '@/live/LiveProvider'
import { devicesQuery, readPage, readSeen } from './listQuery'
import { append, nextToken, rowsOf, sizeOf, totalOf, type Loaded, type Range } from './pages'

/** Rows below the last visible one that should be loaded: the time to scroll there is longer than a page takes. */
const ahead = 300
const leastGap = 3000

export interface DeviceList {
  rows: Device[]
  total: number | undefined
  /** Nothing is known yet. */
  pending: boolean
  /** What is shown belongs to the filter before. */
  old: boolean
  loadingMore: boolean
  problem: unknown
  moreProblem: unknown
  retry: () => void
  /** Tells which rows are on the screen; more are loaded before the viewer gets to their end. */
  see: (range: Range) => void
}

/** Loads the devices that match, a page at a time, and has what is on the screen read anew where events were missed. */
export function useDeviceList(filter: string, orderBy: string): DeviceList {
  const client = useQueryClient()
  const seen = useRef<Range>({ first: 0, last: 0 })
  const query = useMemo(() => devicesQuery(client, filter, orderBy), [client, filter, orderBy])
  const { queryKey } = query
  const read = useCallback((pageToken: string) => readPage(filter, orderBy, pageToken), [filter, orderBy])
  const list = useQuery({
    ...query,
    queryFn: ({ signal }) => readSeen(client, filter, orderBy, seen.current, signal),
    placeholderData: keepPreviousData,
  })
  const { isFetching, isPlaceholderData, refetch } = list
  // A filter that cannot be leaves the rows of the one before: half-written filters are the rule.
  const [before, setBefore] = useState(list.data)
  if (list.data && list.data !== before) setBefore(list.data)
  const data = list.data ?? before
  const old = isPlaceholderData || (list.isError && !list.data)
  const more = useMore(queryKey, read)
  const rows = useMemo(() => rowsOf(data), [data])

  const see = useCallback((range: Range) => {
    seen.current = range
    const loaded = client.getQueryData<Loaded>(queryKey)
    if (loaded && range.last + ahead >= sizeOf(loaded) && !client.isFetching({ queryKey, exact: true })) more.load(nextToken(loaded))
  }, [client, queryKey, more])
  useEffect(() => {
    // Another list begins at its top; a renewed one may be shorter than what is on the screen.
    if (!isFetching && !isPlaceholderData) see(seen.current)
  }, [see, isFetching, isPlaceholderData, data])
  useNewcomers(data, refetch)

  return {
    rows, total: totalOf(data), pending: data === undefined && !list.isError, old, loadingMore: more.busy,
    problem: list.error, moreProblem: more.problem, retry: () => void (list.error ? refetch() : more.retry()), see,
  }
}

function useMore(queryKey: readonly unknown[], read: (token: string) => Promise<Loaded['pages'][number]>) {
  const client = useQueryClient()
  const asked = useRef('')
  const [state, setState] = useState<{ busy: boolean; problem?: unknown; token: string }>({ busy: false, token: '' })
  return useMemo(() => {
    const load = (token: string) => {
      if (token === '' || asked.current === token) return
      asked.current = token
      setState({ busy: true, token })
      read(token).then(
        (page) => {
          client.setQueryData<Loaded>(queryKey, (old) => append(old, token, page), { updatedAt: client.getQueryState(queryKey)?.dataUpdatedAt })
          if (asked.current === token) asked.current = ''
          setState({ busy: false, token: '' })
        },
        // The token stays asked for: only the viewer's retry asks again.
        (problem: unknown) => setState({ busy: false, problem, token }),
      )
    }
    const retry = () => {
      const token = asked.current
      asked.current = ''
      load(token)
    }
    return { ...state, load, retry }
  }, [client, queryKey, read, state])
}

/** A list that is loaded to its end is read anew when an unknown device appears: the device may belong to it. */
function useNewcomers(data: Loaded | undefined, refetch: () => unknown) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  useLiveChanges('device', (changes) => {
    if (!data || timer.current || nextToken(data) !== '') return
    const known = new Set(data.pages.flatMap((page) => page.items.map((item) => item.id)))
    if (!changes.some((c) => c.now && !known.has(c.id))) return
    timer.current = setTimeout(() => {
      timer.current = undefined
      void refetch()
    }, leastGap)
  })
}
