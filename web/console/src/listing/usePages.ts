import { useInfiniteQuery, type QueryKey, type QueryMeta } from '@tanstack/react-query'
import type { Page } from '@/api/types'

interface PagesOptions<Item> {
  queryKey: QueryKey
  read: (pageToken: string | undefined, signal: AbortSignal) => Promise<Page<Item>>
  meta?: QueryMeta
  enabled?: boolean
}

/** Reads a list page by page as its reader gets further down. */
export function usePages<Item>({ queryKey, read, meta, enabled = true }: PagesOptions<Item>) {
  const query = useInfiniteQuery({
    queryKey, meta, enabled,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextPageToken || undefined,
  })
  const items = query.data?.pages.flatMap((page) => page.items) ?? []
  const more = () => {
    if (query.hasNextPage && !query.isFetching) void query.fetchNextPage()
  }
  return { query, items, total: query.data?.pages[0]?.totalSize, more }
}

/** Reads all pages of a list that is known to be short enough. */
export async function readAll<Item>(read: (pageToken: string | undefined) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = []
  let token: string | undefined
  do {
    const page = await read(token)
    items.push(...page.items)
    token = page.nextPageToken || undefined
  } while (token)
  return items
}
