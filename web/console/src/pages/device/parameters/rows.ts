import type { Book } from './book'
import { ancestorsOf, isObject } from './paths'

/** One line of the tree: a parameter or an object, or the place where more is to be read. */
export type Row =
  | { kind: 'node'; path: string; depth: number; object: boolean; open: boolean; position: number; siblings: number }
  | { kind: 'more'; path: string; depth: number }

/** The lines that are to be seen: what is below open objects, or what a search found with the objects above it, but for those that were folded since. */
export function rowsOf(book: Book, open: ReadonlySet<string>, found?: ReadonlySet<string>, folded?: ReadonlySet<string>): Row[] {
  const rows: Row[] = []
  const add = (parent: string, depth: number) => {
    const all = book.index.childrenOf(parent)
    const children = found ? all.filter((path) => found.has(path)) : all
    children.forEach((path, i) => {
      const object = isObject(path)
      const shown = object && (found ? !folded?.has(path) : open.has(path))
      rows.push({ kind: 'node', path, depth, object, open: shown, position: i + 1, siblings: children.length })
      if (shown) add(path, depth + 1)
    })
    if (!found && book.scan(parent) && !book.covers(parent)) rows.push({ kind: 'more', path: parent, depth })
  }
  add('', 0)
  return rows
}

/** The paths that have the text in their name or their value, of any case, with all objects above them. */
export function search(book: Book, text: string): { found: Set<string>; count: number } {
  const wanted = text.toLowerCase()
  const found = new Set<string>()
  let count = 0
  for (const { path, value } of book.index.all()) {
    if (!path.toLowerCase().includes(wanted) && !value?.toLowerCase().includes(wanted)) continue
    if (!isObject(path)) count++
    found.add(path)
    for (const above of ancestorsOf(path)) found.add(above)
  }
  return { found, count }
}

/** The objects that are open at first: down from the root for as long as there is only one way. */
export function firstOpen(book: Book): string[] {
  const open: string[] = []
  let children = book.index.childrenOf('')
  while (children.length === 1 && isObject(children[0]!)) {
    open.push(children[0]!)
    children = book.index.childrenOf(children[0]!)
  }
  return open
}
