import { useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'

/** What somebody says of a role. */
export interface RoleFields {
  name: string
  description: string
  permissions: string[]
}

/** Creates a role, or changes the one of this name. */
export function useSaveRole(exists: boolean) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ name, ...fields }: RoleFields) =>
      exists
        ? answer(api.PATCH('/api/v1/roles/{name}', { params: { path: { name } }, body: fields, headers: { 'Content-Type': 'application/merge-patch+json' } }))
        : answer(api.POST('/api/v1/roles', { body: { name, ...fields } })),
    onSuccess: () => {
      // One's own role may be the one that was changed.
      void client.invalidateQueries({ queryKey: keys.me })
      return client.invalidateQueries({ queryKey: keys.roles })
    },
  })
}

export function useDeleteRole(name: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/roles/{name}', { params: { path: { name } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.roles }),
  })
}
