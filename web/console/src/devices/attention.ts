import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { AttentionItem, Schemas } from '@/api/types'

/** What needs a person now. Live updates have it counted anew now and then. */
export const attentionQuery = queryOptions({
  queryKey: keys.attention,
  queryFn: ({ signal }) => answer(api.GET('/api/v1/attention', { signal })),
})

/** How many things of a kind need a person; 0 while that is not known. */
export function countOf(attention: Schemas['Attention'] | undefined, kind: AttentionItem['kind']): number {
  return attention?.items.find((item) => item.kind === kind)?.count ?? 0
}
