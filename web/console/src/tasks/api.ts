import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Paths, Task } from '@/api/types'
import { useMay } from '@/auth/me'
import { isOpen } from './kinds'
import { newer } from './newer'

/** The body that queues a task: its kind, the arguments of the kind, and what there is to say of the task. */
export type TaskBody = NonNullable<Paths['/api/v1/devices/{id}/tasks']['post']['requestBody']>['content']['application/json']

// Live updates come at once; this is for a stream that is broken.
const pause = 15_000

/** One task; read again now and then for as long as it is open. */
export const taskQuery = (id: string) =>
  queryOptions({
    queryKey: keys.task(id),
    queryFn: async ({ client, signal }): Promise<Task> => {
      const read = await answer(api.GET('/api/v1/tasks/{id}', { params: { path: { id } }, signal })) as Task
      return newer(client.getQueryData<Task>(keys.task(id)), read)
    },
    refetchInterval: ({ state }) => (state.data && isOpen(state.data.state) ? pause : false),
  })

/** Queues a task and has the phone called at once. */
export function queueTask(device: string, body: TaskBody): Promise<Task> {
  const params = { path: { id: device }, query: { connectionRequest: true } }
  return answer(api.POST('/api/v1/devices/{id}/tasks', { params, body })) as Promise<Task>
}

/** Writes a task that was just answered to where pages read it. */
export function useTaskKept() {
  const client = useQueryClient()
  return (task: Task) => {
    client.setQueryData(keys.task(task.id), (known: Task | undefined) => newer(known, task))
    void client.invalidateQueries({ queryKey: ['tasks'] })
  }
}

/** Cancels a task that is queued or waits. */
export function useCancelTask() {
  const keep = useTaskKept()
  return useMutation({
    mutationFn: (id: string) => answer(api.POST('/api/v1/tasks/{id}/cancel', { params: { path: { id } } })) as Promise<Task>,
    onSuccess: keep,
  })
}

/**
 * Queues a task again that failed, expired or was cancelled, and has the phone called at once by those who may; the
 * answer is the new task.
 */
export function useRetryTask() {
  const client = useQueryClient()
  const keep = useTaskKept()
  const mayWake = useMay('devices.wake')
  return useMutation({
    mutationFn: (id: string) => answer(api.POST('/api/v1/tasks/{id}/retry', { params: { path: { id } } })) as Promise<Task>,
    onSuccess: (task, id) => {
      keep(task)
      // Nobody who retries wants to wait for the next session. A phone that cannot be called does it then.
      if (mayWake) api.POST('/api/v1/devices/{id}/connectionRequest', { params: { path: { id: task.device } } }).catch(() => undefined)
      client.setQueryData(keys.task(id), (old: Task | undefined) => (old ? { ...old, retriedBy: task.id } : undefined))
    },
  })
}
