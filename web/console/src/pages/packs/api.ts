import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { PackDetail, Schemas } from '@/api/types'

/** A file of a version as it is written. */
export const sourceQuery = (name: string, version: string, path: string) =>
  queryOptions({
    queryKey: keys.packSource(name, version, path), staleTime: Infinity,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/packs/{name}/files/{path}', { params: { path: { name, path }, query: version ? { version } : {} }, signal })),
  })

/** Has everything read anew that packs decide. */
function useForget() {
  const client = useQueryClient()
  return () => {
    void client.invalidateQueries({ queryKey: ['deviceFiles'] })
    void client.invalidateQueries({ queryKey: ['pack'] })
    return client.invalidateQueries({ queryKey: keys.packs })
  }
}

/** Uploads a zip as a version of a pack; it is checked, and not in force by that. */
export function useUploadPack() {
  return useMutation({
    mutationFn: (zip: Blob): Promise<PackDetail> =>
      answer(api.POST('/api/v1/packs', { body: zip as never, bodySerializer: (body: unknown) => body as Blob, headers: { 'Content-Type': 'application/zip' } })),
    onSuccess: useForget(),
  })
}

/** Makes a version of a pack by changing files of another. */
export function useEditPack(name: string) {
  return useMutation({
    mutationFn: (body: Schemas['PackEdit']) => answer(api.POST('/api/v1/packs/{name}/edit', { params: { path: { name } }, body })),
    onSuccess: useForget(),
  })
}

/** Puts a version in force. */
export function useActivatePack(name: string) {
  return useMutation({
    mutationFn: (version: string) => answer(api.POST('/api/v1/packs/{name}/activate', { params: { path: { name } }, body: { version } })),
    onSuccess: useForget(),
  })
}

/** Deletes a version that was uploaded. */
export function useDeleteVersion(name: string) {
  return useMutation({
    mutationFn: (version: string) => answer(api.DELETE('/api/v1/packs/{name}/versions/{version}', { params: { path: { name, version } } })),
    onSuccess: useForget(),
  })
}

/** What would change if a version were in force. Nothing is stored. */
export const planQuery = (name: string, version: string) =>
  queryOptions({
    queryKey: ['packPlan', name, version], staleTime: 0, gcTime: 0,
    queryFn: ({ signal }) => answer(api.POST('/api/v1/settings/plan', { body: { pack: { name, version }, names: 20 }, signal })),
  })

/** How the files of one device would change if a version were in force. */
export const devicePlanQuery = (device: string, name: string, version: string) =>
  queryOptions({
    queryKey: ['packPlan', name, version, device], staleTime: 0, gcTime: 0,
    queryFn: ({ signal }) => answer(api.POST('/api/v1/devices/{id}/settings/plan', { params: { path: { id: device } }, body: { pack: { name, version } }, signal })),
  })
