import { useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import { usePages } from '@/listing/usePages'

/** The files that a filter selects, in order of name. */
export function useFiles(filter: string) {
  return usePages({
    queryKey: keys.files({ filter }),
    read: (pageToken, signal) => answer(api.GET('/api/v1/files', { params: { query: { pageSize: 200, pageToken, ...(filter && { filter }) } }, signal })),
  })
}

export function useDeleteFile(name: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/files/{name}', { params: { path: { name } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['files'] }),
  })
}
