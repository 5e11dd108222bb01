import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Schemas } from '@/api/types'
import { useMe } from '@/auth/me'
import { above } from '@/pages/groups/paths'
import type { Catalogue, Level, LevelName, Patch } from './model'

/** All settings that may be declared; they change with the server only. */
export const catalogueQuery = queryOptions({
  queryKey: keys.settingsCatalogue,
  queryFn: ({ signal }): Promise<Catalogue> => answer(api.GET('/api/v1/settings/catalogue', { signal })),
  staleTime: Infinity,
})

function readLevel({ kind, id = '' }: LevelName, signal?: AbortSignal): Promise<Level> {
  switch (kind) {
    case 'group': return answer(api.GET('/api/v1/groups/{path}/settings', { params: { path: { path: id } }, signal }))
    case 'device': return answer(api.GET('/api/v1/devices/{id}/settings', { params: { path: { id } }, signal }))
    case 'user': return answer(api.GET('/api/v1/devices/{id}/settings/user', { params: { path: { id } }, signal }))
    default: return answer(api.GET('/api/v1/settings/global', { signal }))
  }
}

/** What is declared at a level. */
export const levelQuery = (level: LevelName) =>
  queryOptions({ queryKey: keys.settings(level.kind, level.id ?? ''), queryFn: ({ signal }) => readLevel(level, signal) })

/** What is declared above a group, the topmost first, as far as the viewer sees it. */
export function useAbove(level: LevelName) {
  const { scope } = useMe()
  const path = level.kind === 'group' ? (level.id ?? '') : ''
  const groups = above(path).filter((one) => scope === '' || one === scope || one.startsWith(`${scope}/`))
  const wanted: LevelName[] = [...(scope === '' ? [{ kind: 'global' as const }] : []), ...groups.map((id) => ({ kind: 'group' as const, id }))]
  return useQuery({
    queryKey: keys.settings('above', path), enabled: path !== '',
    queryFn: ({ signal }) => Promise.all(wanted.map((one) => readLevel(one, signal))),
  })
}

/** What a device should have, and which level says so. */
export const effectiveQuery = (id: string) =>
  queryOptions({
    queryKey: keys.settings('effective', id),
    queryFn: ({ signal }) => answer(api.GET('/api/v1/devices/{id}/settings/effective', { params: { path: { id } }, signal })),
  })

interface Saved {
  level: LevelName
  patch: Patch
  /** That on which the change is based. */
  revision: number
}

function saveLevel({ level: { kind, id = '' }, patch: body, revision }: Saved): Promise<Level> {
  const header = { 'If-Match': `"r${revision}"` }
  switch (kind) {
    case 'group': return answer(api.PATCH('/api/v1/groups/{path}/settings', { params: { path: { path: id }, header }, body }))
    case 'device': return answer(api.PATCH('/api/v1/devices/{id}/settings', { params: { path: { id }, header }, body }))
    case 'user': return answer(api.PATCH('/api/v1/devices/{id}/settings/user', { params: { path: { id }, header }, body }))
    default: return answer(api.PATCH('/api/v1/settings/global', { params: { header }, body }))
  }
}

/** Changes a level if nobody was faster; what depends on it is read anew in any case. */
export function useSaveLevel() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: saveLevel,
    onSettled: () => client.invalidateQueries({ queryKey: ['settings'] }),
  })
}

/** How many devices a preview names. */
const named = 100

/** Says which devices a change would change; nothing is stored. */
export function usePlan() {
  return useMutation({
    mutationFn: ({ level, patch }: Omit<Saved, 'revision'>): Promise<Schemas['SettingsPlan']> =>
      answer(api.POST('/api/v1/settings/plan', { body: { level, ...patch, names: named } })),
  })
}

/** How a change would change the files of a device. The key holds no secret: a plan is asked for anew each time. */
export const differenceQuery = (device: string, level: LevelName, patch: Patch, asked: number) =>
  queryOptions({
    queryKey: keys.settings('difference', `${device} ${asked}`), gcTime: 0, staleTime: Infinity, retry: false,
    queryFn: ({ signal }) => answer(api.POST('/api/v1/devices/{id}/settings/plan', { params: { path: { id: device } }, body: { level, ...patch }, signal })),
  })

/** Returns the value of a secret setting; the server notes in the audit log that somebody looked. */
export async function revealSetting(id: string, path: string): Promise<string> {
  return (await answer(api.POST('/api/v1/devices/{id}/settings/reveal', { params: { path: { id } }, body: { path } }))).value
}
