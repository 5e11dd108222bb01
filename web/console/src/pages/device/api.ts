import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Device, DeviceSession, Page, Parameter, Schemas, Task, TimelineItem } from '@/api/types'

const pageSize = 50

const pages = <Item>() => ({
  initialPageParam: '',
  getNextPageParam: (last: Page<Item>) => last.nextPageToken || undefined,
})

const paging = (pageToken: string) => ({ pageSize, ...(pageToken ? { pageToken } : {}) })

/** The tasks of a device, the newest first; new ones appear by themselves. */
export const deviceTasksQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: keys.tasks({ device: id }),
    queryFn: ({ pageParam, signal }) =>
      answer(api.GET('/api/v1/devices/{id}/tasks', { params: { path: { id }, query: paging(pageParam) }, signal })) as Promise<Page<Task>>,
    ...pages<Task>(),
    meta: { belongs: (task: Task) => task.device === id },
  })

/** The sessions of a device in which something happened, the newest first. */
export const deviceSessionsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: keys.sessions(id),
    queryFn: ({ pageParam, signal }) =>
      answer(api.GET('/api/v1/devices/{id}/sessions', { params: { path: { id }, query: paging(pageParam) }, signal })) as Promise<Page<DeviceSession>>,
    ...pages<DeviceSession>(),
    meta: { belongs: (session: DeviceSession) => session.device === id && isEventful(session) },
  })

/** Reports whether the server keeps the session: those that only said that the device is there are counted only. */
export function isEventful(session: Pick<DeviceSession, 'events' | 'rpcs' | 'outcome'>): boolean {
  return session.rpcs > 0 || session.outcome !== 'completed' || session.events.some((event) => event !== '2 PERIODIC')
}

/** What happened to a device, of every kind, the newest first. */
export const timelineQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: keys.timeline(id),
    queryFn: ({ pageParam, signal }) =>
      answer(api.GET('/api/v1/devices/{id}/timeline', { params: { path: { id }, query: paging(pageParam) }, signal })) as Promise<Page<TimelineItem>>,
    ...pages<TimelineItem>(),
  })

/** Reads a page of the parameters below a path; the empty path is the root. */
export function fetchParameters(id: string, path: string, pageToken: string, signal?: AbortSignal): Promise<Page<Parameter>> {
  const query = { pageSize: 1000, ...(path ? { path } : {}), ...(pageToken ? { pageToken } : {}) }
  return answer(api.GET('/api/v1/devices/{id}/parameters', { params: { path: { id }, query }, signal }))
}

/** Returns the value of a secret parameter; the server notes in the audit log that somebody looked. */
export function revealParameter(id: string, path: string): Promise<{ path: string; value: string }> {
  return answer(api.POST('/api/v1/devices/{id}/parameters/reveal', { params: { path: { id } }, body: { path } }))
}

/** Calls the device; the answer says what came of it. */
export function callDevice(id: string): Promise<Schemas['Call']> {
  return answer(api.POST('/api/v1/devices/{id}/connectionRequest', { params: { path: { id } } }))
}

/** Changes what operators say of a device, if nobody was faster since it had the revision. */
export function patchDevice(device: Pick<Device, 'id' | 'revision'>, patch: Schemas['DevicePatch']): Promise<Device> {
  const params = { path: { id: device.id }, header: { 'If-Match': `"r${device.revision}"` } }
  return answer(api.PATCH('/api/v1/devices/{id}', {
    params, body: patch, headers: { 'Content-Type': 'application/merge-patch+json' },
  })) as Promise<Device>
}

/** Forgets a device, and cancels its open tasks. */
export function deleteDevice(id: string): Promise<unknown> {
  return answer(api.DELETE('/api/v1/devices/{id}', { params: { path: { id } } }))
}

/** The files that devices can be told to fetch. */
export const filesQuery = queryOptions({
  queryKey: keys.files({ pageSize: 1000 }),
  queryFn: ({ signal }) => answer(api.GET('/api/v1/files', { params: { query: { pageSize: 1000 } }, signal })),
})

/** The files that a device sent, the newest first. */
export const sentFilesQuery = (device: string) =>
  queryOptions({
    queryKey: keys.files({ device }),
    queryFn: async ({ signal }) => {
      const page = await answer(api.GET('/api/v1/files', { params: { query: { device, pageSize: 100 } }, signal }))
      return { ...page, items: page.items.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt)) }
    },
  })

/** Groups whose name has the text. */
export const groupsQuery = (search: string) =>
  queryOptions({
    queryKey: keys.groups({ search, pageSize: 50 }),
    queryFn: ({ signal }) => answer(api.GET('/api/v1/groups', { params: { query: { pageSize: 50, ...(search ? { search } : {}) } }, signal })),
  })
