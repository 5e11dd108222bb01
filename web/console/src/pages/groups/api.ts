import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import { usePages } from '@/listing/usePages'

/** The groups directly below a group; below the root for an empty path. */
export function useChildren(parent: string, enabled = true) {
  return usePages({
    queryKey: keys.groups({ parent }), enabled,
    read: (pageToken, signal) => answer(api.GET('/api/v1/groups', { params: { query: { parent, pageSize: 200, pageToken } }, signal })),
  })
}

/** The groups whose path or title has the text. */
export function useFoundGroups(search: string) {
  return usePages({
    queryKey: keys.groups({ search }), enabled: search !== '',
    read: (pageToken, signal) => answer(api.GET('/api/v1/groups', { params: { query: { search, pageSize: 200, pageToken } }, signal })),
  })
}

/** One group with the numbers of its devices. */
export function groupQuery(path: string) {
  return queryOptions({
    queryKey: keys.group(path),
    queryFn: ({ signal }) => answer(api.GET('/api/v1/groups/{path}', { params: { path: { path } }, signal })),
  })
}

/** Has groups read anew, but for one that is gone: whoever still shows it would be told so. */
function useForget(gone?: string) {
  const client = useQueryClient()
  return () => client.invalidateQueries({ predicate: ({ queryKey: [kind, path] }) => kind === 'groups' || (kind === 'group' && path !== gone) })
}

export function useCreateGroup() {
  return useMutation({
    mutationFn: (body: { path: string; title?: string; description?: string }) => answer(api.POST('/api/v1/groups', { body })),
    onSuccess: useForget(),
  })
}

export function useChangeGroup(path: string) {
  return useMutation({
    mutationFn: (body: { title: string; description: string }) =>
      answer(api.PATCH('/api/v1/groups/{path}', { params: { path: { path } }, body, headers: { 'Content-Type': 'application/merge-patch+json' } })),
    onSuccess: useForget(),
  })
}

export function useDeleteGroup(path: string) {
  return useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/groups/{path}', { params: { path: { path } } })),
    onSuccess: useForget(path),
  })
}
