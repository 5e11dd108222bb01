import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Device, DeviceFile } from '@/api/types'

/** The files that a device would be given now, in the order in which it asks for them. */
export const deviceFilesQuery = (id: string) =>
  queryOptions({
    queryKey: keys.deviceFiles(id), staleTime: 5000,
    queryFn: async ({ signal }): Promise<DeviceFile[]> => (await answer(api.GET('/api/v1/devices/{id}/files', { params: { path: { id } }, signal }))).items,
  })

/** One of them with its content, secrets masked. */
export const deviceFileQuery = (id: string, name: string) =>
  queryOptions({
    queryKey: [...keys.deviceFiles(id), name], staleTime: 5000,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/devices/{id}/files/{name}', { params: { path: { id, name } }, signal })),
  })

/** The same with its secrets; the server notes in the audit log that somebody looked. */
export function revealFile(id: string, name: string) {
  return answer(api.POST('/api/v1/devices/{id}/files/{name}/reveal', { params: { path: { id, name } } }))
}

/** Has the files read anew when the device should have something else, or took what it should have. */
export function useFollowFiles({ id, provisioning: { wanted, heldCurrent, problem } }: Pick<Device, 'id' | 'provisioning'>) {
  const client = useQueryClient()
  const now = [wanted, heldCurrent, problem].join('\n')
  const before = useRef(now)
  useEffect(() => {
    if (before.current === now) return
    before.current = now
    void client.invalidateQueries({ queryKey: keys.deviceFiles(id) })
  }, [client, id, now])
}
