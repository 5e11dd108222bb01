import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, answerWithTag, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { NewUser, User, UserPatch } from '@/api/types'
import { readAll } from '@/listing/usePages'

/** All users that the viewer sees. */
export const usersQuery = queryOptions({
  queryKey: keys.users(),
  queryFn: ({ signal }) => readAll<User>((pageToken) => answer(api.GET('/api/v1/users', { params: { query: { pageSize: 1000, pageToken } }, signal }))),
})

/** One user with the tag for a change. */
export function userQuery(name: string) {
  return queryOptions({
    queryKey: keys.user(name),
    queryFn: ({ signal }) => answerWithTag(api.GET('/api/v1/users/{name}', { params: { path: { name } }, signal })),
  })
}

/** The browsers in which a user is signed in. */
export function userSessionsQuery(name: string) {
  return queryOptions({
    queryKey: [...keys.user(name), 'sessions'],
    queryFn: async ({ signal }) => (await answer(api.GET('/api/v1/users/{name}/sessions', { params: { path: { name } }, signal }))).items,
  })
}

export function useCreateUser() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewUser) => answer(api.POST('/api/v1/users', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.users() }),
  })
}

/** Changes a user, if nobody else did since the tag was read. */
export function useChangeUser(name: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ patch, tag }: { patch: UserPatch; tag?: string }) =>
      answerWithTag(api.PATCH('/api/v1/users/{name}', {
        params: { path: { name }, header: tag ? { 'If-Match': tag } : {} }, body: patch as Omit<UserPatch, 'secondFactor'>, headers: { 'Content-Type': 'application/merge-patch+json' },
      })),
    onSuccess: (changed) => {
      client.setQueryData(userQuery(name).queryKey, changed)
      void client.invalidateQueries({ queryKey: [...keys.user(name), 'sessions'] })
      void client.invalidateQueries({ queryKey: keys.me })
      return client.invalidateQueries({ queryKey: keys.users() })
    },
  })
}

export function useDeleteUser(name: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/users/{name}', { params: { path: { name } } })),
    onSuccess: () => {
      client.removeQueries({ queryKey: keys.user(name), type: 'inactive' })
      return client.invalidateQueries({ queryKey: keys.users() })
    },
  })
}

export function useEndSessions(name: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/users/{name}/sessions', { params: { path: { name } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: [...keys.user(name), 'sessions'] }),
  })
}
