import type { Me, Role } from '@/api/types'

/** The permissions of a role that somebody lacks, and so cannot give to others. */
export function lacking(role: Pick<Role, 'permissions'>, me: Pick<Me, 'permissions'>): string[] {
  return role.permissions.filter((permission) => !me.permissions.includes(permission))
}

/** The roles that somebody may give to others. */
export function grantable(roles: readonly Role[], me: Pick<Me, 'permissions'>): Role[] {
  return roles.filter((role) => lacking(role, me).length === 0)
}

/** Reports whether a group lies in the scope, or is its root. */
export function within(group: string, scope: string): boolean {
  return scope === '' || group === scope || group.startsWith(`${scope}/`)
}

/**
 * Reports whether somebody may change a user or a role's holder: only one who can do no more than they can. A role
 * that is not known allows nothing.
 */
export function mayManage(of: { role: string; scope: string }, roles: readonly Role[], me: Pick<Me, 'permissions' | 'scope'>): boolean {
  const role = roles.find((r) => r.name === of.role)
  return within(of.scope, me.scope) && (!role || lacking(role, me).length === 0)
}

/** The one role that has to be limited to a group. */
export const limitedRole = 'support'
