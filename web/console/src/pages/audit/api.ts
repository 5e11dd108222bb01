import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import { usePages } from '@/listing/usePages'

/** The audit entries that a filter selects, the newest first. */
export function useAudit(filter: string) {
  return usePages({
    queryKey: keys.audit({ filter }),
    read: (pageToken, signal) => answer(api.GET('/api/v1/audit', { params: { query: { pageSize: 100, pageToken, ...(filter && { filter }) } }, signal })),
  })
}

/** Every action that the audit log can have. */
export const actionsQuery = queryOptions({
  queryKey: keys.filterFields('audit'),
  queryFn: ({ signal }) => answer(api.GET('/api/v1/filterFields', { params: { query: { of: 'audit' } }, signal })),
  staleTime: Infinity,
  select: ({ items }) => items.find((field) => field.name === 'action')?.values ?? [],
})

/** Has the server check the whole chain. */
export function verifyAudit() {
  return answer(api.GET('/api/v1/audit/verification'))
}

/** Where the entries come from as a file. */
export function exportAddress(format: 'csv' | 'jsonl', filter: string): string {
  const query = new URLSearchParams({ format })
  if (filter) query.set('filter', filter)
  return `/api/v1/audit/export?${query}`
}
