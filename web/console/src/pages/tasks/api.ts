import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Page, RetryOutcome, Task } from '@/api/types'
import { usePages } from '@/listing/usePages'
import { belongsTo, filterOf, type TaskChoice } from './choice'

/** The tasks that were chosen, the newest first; new ones come in by themselves where the browser can tell that they belong. */
export function useTasks(choice: TaskChoice) {
  const filter = filterOf(choice)
  return usePages<Task>({
    queryKey: keys.tasks({ filter }),
    read: (pageToken, signal) =>
      answer(api.GET('/api/v1/tasks', { params: { query: { pageSize: 100, pageToken, ...(filter && { filter }) } }, signal })) as Promise<Page<Task>>,
    meta: { belongs: belongsTo(choice) as ((task: never) => boolean) | undefined },
  })
}

/** Why tasks failed, since a time; those with the most tasks first. */
export function causesQuery(days: number) {
  return queryOptions({
    queryKey: keys.taskCauses({ days }),
    queryFn: async ({ signal }) => {
      const since = days > 0 ? new Date(Date.now() - days * 86_400_000).toISOString() : undefined
      return (await answer(api.GET('/api/v1/tasks/causes', { params: { query: { limit: 200, ...(since && { since }) } }, signal }))).items
    },
  })
}

/** Retries tasks, or only counts them. */
export function retryTasks(filter: string, dryRun: boolean): Promise<RetryOutcome> {
  return answer(api.POST('/api/v1/tasks/retry', { body: { filter, dryRun } }))
}
