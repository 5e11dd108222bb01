import { useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Device, Schemas } from '@/api/types'
import { usePages } from '@/listing/usePages'

const pageSize = 100

/** The phones that asked for files and are not known, the latest first. */
export function useStrangers() {
  return usePages({
    queryKey: keys.strangers,
    read: (pageToken, signal) => answer(api.GET('/api/v1/strangers', { params: { query: { pageSize, ...(pageToken && { pageToken }) } }, signal })),
  })
}

/** Makes a device of a phone that is not known. */
export function useAdopt(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schemas['Adoption']) => answer(api.POST('/api/v1/strangers/{id}/adopt', { params: { path: { id } }, body })) as Promise<Device>,
    onSuccess: (device) => {
      client.setQueryData(keys.device(device.id), device)
      void client.invalidateQueries({ queryKey: ['devices'] })
      void client.invalidateQueries({ queryKey: keys.deviceSummary })
      return client.invalidateQueries({ queryKey: keys.strangers })
    },
  })
}

/** Takes a phone off the list until it asks again. */
export function useForgetStranger(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/strangers/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.strangers }),
  })
}
