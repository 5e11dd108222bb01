import { queryOptions, useMutation } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Page, Task } from '@/api/types'
import { queueTask, useTaskKept } from '@/tasks/api'
import { isOpen } from '@/tasks/kinds'
import { filterOf, isOf, taskOf, type DiagnosticKind, type Values } from './kinds'

const shown = 5
// Live updates come at once; this is for a stream that is broken.
const pause = 10_000

/** The last tests of a kind on a device, the newest first; new ones appear by themselves. */
export const testsQuery = (device: string, kind: DiagnosticKind) =>
  queryOptions({
    queryKey: keys.tasks({ device, kind, pageSize: shown }),
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/devices/{id}/tasks', { params: { path: { id: device }, query: { filter: filterOf(kind), pageSize: shown } }, signal })) as Promise<Page<Task>>,
    meta: { belongs: (task: Task) => isOf(task, device, kind) },
    refetchInterval: ({ state }) => (state.data?.items.some((task) => isOpen(task.state)) ? pause : false),
  })

/** Queues a test and has the phone called. */
export function useTest(device: string, kind: DiagnosticKind) {
  const keep = useTaskKept()
  return useMutation({ mutationFn: (values: Values) => queueTask(device, taskOf(kind, values)), onSuccess: keep })
}
