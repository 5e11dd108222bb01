import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import { usePages } from '@/listing/usePages'

const pageSize = 200

/** What the models of phones told of their parameters, in order of manufacturer, product class and firmware. */
export function useDataModels() {
  return usePages({
    queryKey: keys.dataModels,
    read: (pageToken, signal) => answer(api.GET('/api/v1/dataModels', { params: { query: { pageSize, ...(pageToken && { pageToken }) } }, signal })),
  })
}

/** One of them with the names that its phones have. */
export const dataModelQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.dataModels, id],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/dataModels/{id}', { params: { path: { id } }, signal })),
  })

/** Forgets what a model told, so that its next phone is asked again. */
export function useAskAgain(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/dataModels/{id}', { params: { path: { id } } })),
    // The one that is open is gone; it is closed next.
    onSuccess: () => client.invalidateQueries({ queryKey: keys.dataModels, exact: true }),
  })
}
