import type { Task } from '@/api/types'
import { pathsOf } from '@/tasks/subject'
import { commonBranch, parentOf } from './paths'

const mostPaths = 10

/** What has to be read anew after a task ended: branches or single parameters; nothing for tasks that do not touch the tree. */
export function affected(task: Pick<Task, 'kind' | 'args'>): string[] {
  const { args, kind } = task
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  switch (kind) {
    case 'refresh':
    case 'getParameterNames':
      return [text(args.path)]
    case 'getParameterValues':
    case 'setParameterValues':
    case 'getParameterAttributes':
    case 'setParameterAttributes': {
      const paths = pathsOf(args)
      return paths.length > mostPaths ? [commonBranch(paths)] : paths
    }
    case 'addObject':
      return [text(args.objectName)]
    case 'deleteObject':
      return [parentOf(text(args.objectName))]
    default:
      return []
  }
}
