import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { answerWithTag, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Convergence, Device } from '@/api/types'

/** How a device stands, with the ETag of what was read. */
export interface Read {
  data: Convergence
  etag: string
}

/** How a device is brought to its settings over CWMP, and what differs. */
export const convergenceQuery = (id: string) =>
  queryOptions({
    queryKey: keys.convergence(id), staleTime: 5000,
    queryFn: ({ signal }): Promise<Read> => answerWithTag(api.GET('/api/v1/devices/{id}/convergence', { params: { path: { id } }, signal })),
  })

interface Deed {
  paths: string[]
  /** That of the differences which the viewer saw. */
  etag: string
}

/** Takes the answer of a deed as what is known now; the settings and files that follow from it are read anew. */
function useKeep(id: string) {
  const client = useQueryClient()
  return {
    onSuccess: (read: Read) => {
      client.setQueryData(keys.convergence(id), read)
      void client.invalidateQueries({ queryKey: keys.deviceFiles(id) })
      void client.invalidateQueries({ queryKey: ['settings'] })
    },
    // Somebody was faster, or a session: what differs is another by now.
    onError: () => client.invalidateQueries({ queryKey: keys.convergence(id) }),
  }
}

/** Has the next session set parameters back to the settings. */
export function useRestore(id: string) {
  return useMutation({
    mutationFn: ({ paths, etag }: Deed): Promise<Read> => answerWithTag(api.POST('/api/v1/devices/{id}/convergence/restore', { params: { path: { id }, header: { 'If-Match': etag } }, body: { paths } })),
    ...useKeep(id),
  })
}

/** Makes what the device has its own settings. */
export function useAdopt(id: string) {
  return useMutation({
    mutationFn: ({ paths, etag }: Deed): Promise<Read> => answerWithTag(api.POST('/api/v1/devices/{id}/convergence/adopt', { params: { path: { id }, header: { 'If-Match': etag } }, body: { paths } })),
    ...useKeep(id),
  })
}

/** Has the device called, and its parameters compared now. */
export function useRetry(id: string) {
  return useMutation({
    mutationFn: (): Promise<Read> => answerWithTag(api.POST('/api/v1/devices/{id}/convergence/retry', { params: { path: { id } } })),
    ...useKeep(id),
  })
}

/** Has it read anew when a session, or a request for a file, changed how the device stands. */
export function useFollowConvergence({ id, provisioning, lastInform }: Pick<Device, 'id' | 'provisioning' | 'lastInform'>) {
  const client = useQueryClient()
  const now = JSON.stringify([provisioning, lastInform])
  const before = useRef(now)
  useEffect(() => {
    if (before.current === now) return
    before.current = now
    void client.invalidateQueries({ queryKey: keys.convergence(id) })
  }, [client, id, now])
}
