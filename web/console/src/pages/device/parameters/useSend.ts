import { useMutation } from '@tanstack/react-query'
import type { TaskBody } from '@/tasks/api'
import { useDeviceScope } from '../context'
import { useDrafts, type Draft } from './drafts'

/** The one task that sets every value that was entered. */
export function taskOf(drafts: Iterable<Draft>): TaskBody {
  return { kind: 'setParameterValues', parameters: [...drafts].map(({ path, value }) => ({ path, value })) }
}

/** Sends what was entered. */
export function useSend() {
  const { queue } = useDeviceScope()
  const { drafts, went } = useDrafts()
  const { mutate, isPending, error } = useMutation({ mutationFn: () => queue(taskOf(drafts.values())), onSuccess: (task) => went(task.id) })
  return { send: () => mutate(), busy: isPending, problem: error }
}
