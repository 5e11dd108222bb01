import type { Task } from '@/api/types'

/** What a task is about: the first path, object, file or host among its arguments, and how many more there are. */
export interface Subject {
  text: string
  more: number
}

/** Reads the subject of a task from its arguments; undefined for kinds without one, such as reboot. */
export function subjectOf(task: Pick<Task, 'args'>): Subject | undefined {
  const { args } = task
  const single = [args.path, args.objectName, args.file, args.host, args.url, args.fileType, args.name, args.optionName].find((v): v is string => typeof v === 'string' && v !== '')
  if (single !== undefined) return { text: single, more: 0 }
  const paths = pathsOf(args)
  return paths.length > 0 ? { text: paths[0]!, more: paths.length - 1 } : undefined
}

/** Every path that the arguments name, in their order. */
export function pathsOf(args: Task['args']): string[] {
  if (Array.isArray(args.paths)) return args.paths.filter((p): p is string => typeof p === 'string')
  if (!Array.isArray(args.parameters)) return []
  return args.parameters.flatMap((p: unknown) => (typeof p === 'object' && p !== null && 'path' in p && typeof p.path === 'string' ? [p.path] : []))
}
