/** Reports whether a path names an object and not a parameter. */
export function isObject(path: string): boolean {
  return path === '' || path.endsWith('.')
}

/** The object that holds a path: of "A.B.1." it is "A.B."; of "A." it is the root, "". */
export function parentOf(path: string): string {
  const at = path.lastIndexOf('.', path.length - 2)
  return path.slice(0, at + 1)
}

/** The last part of a path, without its dot. */
export function nameOf(path: string): string {
  return path.slice(parentOf(path).length).replace(/\.$/, '')
}

/** Reports whether a path is an instance of an object: its last part is a number. */
export function isInstance(path: string): boolean {
  return isObject(path) && /^\d+$/.test(nameOf(path))
}

/** Every object above a path, the root left out: of "A.B.C" they are "A." and "A.B.". */
export function ancestorsOf(path: string): string[] {
  const above: string[] = []
  for (let at = path.indexOf('.'); at >= 0 && at < path.length - 1; at = path.indexOf('.', at + 1)) above.push(path.slice(0, at + 1))
  return above
}

/** The longest object that all paths are below; the root, "", if there is none. */
export function commonBranch(paths: readonly string[]): string {
  const [first, ...rest] = paths
  if (first === undefined) return ''
  let branch = isObject(first) ? first : parentOf(first)
  while (branch !== '' && !rest.every((path) => path.startsWith(branch))) branch = parentOf(branch)
  return branch
}

/** Parameters before objects, instances by their number, all else by the alphabet. */
export function inOrder(a: string, b: string): number {
  const objects = Number(isObject(a)) - Number(isObject(b))
  if (objects !== 0) return objects
  if (isInstance(a) && isInstance(b)) return Number(nameOf(a)) - Number(nameOf(b))
  return a < b ? -1 : a > b ? 1 : 0
}
