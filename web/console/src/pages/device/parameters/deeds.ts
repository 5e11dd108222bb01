import type { Parameter } from '@/api/types'
import type { Book } from './book'
import { isInstance, isObject } from './paths'

/** Reports whether instances can be added to an object: its children are numbers, or it has none and the phone says so. */
export function mayAdd(book: Book, path: string): boolean {
  if (path === '' || !isObject(path)) return false
  const writable = book.index.get(path)?.writable
  if (writable === false) return false
  const children = book.index.childrenOf(path)
  return children.length > 0 ? children.every(isInstance) : writable === true && !isInstance(path)
}

/** Reports whether an instance can be deleted, as far as the phone told. */
export function mayDelete(book: Book, path: string): boolean {
  return isInstance(path) && book.index.get(path)?.writable !== false
}

/** Reports whether a parameter can be set. A phone that never said may be tried: it answers with a fault at worst. */
export function mayEdit(parameter: Parameter | undefined): parameter is Parameter {
  return parameter !== undefined && !isObject(parameter.path) && parameter.writable !== false
}
