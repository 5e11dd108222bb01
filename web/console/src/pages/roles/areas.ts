import type { PermissionInfo } from '@/api/types'

/** The permissions of one area, such as devices. */
export interface Area {
  name: string
  permissions: PermissionInfo[]
}

/** Groups permissions by what stands before the dot, in the order in which they come. */
export function areasOf(permissions: readonly PermissionInfo[]): Area[] {
  const areas = new Map<string, PermissionInfo[]>()
  for (const permission of permissions) {
    const name = permission.name.split('.')[0]!
    areas.set(name, [...(areas.get(name) ?? []), permission])
  }
  return [...areas].map(([name, list]) => ({ name, permissions: list }))
}

const writing = /\.(write|wake|reveal)$/

/** Returns the permissions with one more or less. Who may change things may see them, and nobody changes what they do not see. */
export function toggled(permissions: readonly string[], name: string, on: boolean, known: readonly string[], mine: readonly string[]): string[] {
  const next = new Set(permissions)
  if (on) next.add(name)
  else next.delete(name)
  const reading = `${name.split('.')[0]}.read`
  if (on && writing.test(name) && known.includes(reading) && mine.includes(reading)) next.add(reading)
  if (!on && name.endsWith('.read')) for (const other of known) if (other.split('.')[0] === name.split('.')[0]) next.delete(other)
  return known.filter((permission) => next.has(permission))
}

const nameRule = /^[a-z][a-z0-9-]{0,63}$/

/** Reports whether text can be the name of a role. */
export function isRoleName(text: string): boolean {
  return nameRule.test(text)
}
