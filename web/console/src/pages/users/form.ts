import type { NewUser, User, UserPatch } from '@/api/types'

/** What can be said of a user. */
export interface UserFields {
  displayName: string
  role: string
  scope: string
  disabled: boolean
}

/** The patch with what was changed; undefined if nothing was. */
export function patchOf(before: User, after: UserFields): UserPatch | undefined {
  const patch: UserPatch = {}
  if (after.displayName !== before.displayName) patch.displayName = after.displayName
  if (after.role !== before.role) patch.role = after.role
  if (after.scope !== before.scope) patch.scope = after.scope
  if (after.disabled !== before.disabled) patch.disabled = after.disabled
  return Object.keys(patch).length > 0 ? patch : undefined
}

/** The body that creates a user. Without a password the server makes one. */
export function newUserOf(name: string, fields: Omit<UserFields, 'disabled'>): NewUser {
  const body: NewUser = { name: name.trim(), role: fields.role, mustChangePassword: true }
  if (fields.displayName.trim()) body.displayName = fields.displayName.trim()
  if (fields.scope) body.scope = fields.scope
  return body
}

const nameRule = /^[a-z0-9][a-z0-9._@-]{0,63}$/

/** Reports whether text can be the name of a user. */
export function isUserName(text: string): boolean {
  return nameRule.test(text.trim())
}

/** The users whose name, display name, role or group has the text. */
export function searchUsers(users: readonly User[], text: string): readonly User[] {
  const wanted = text.trim().toLowerCase()
  if (!wanted) return users
  return users.filter((user) => [user.name, user.displayName, user.role, user.scope].some((value) => value.toLowerCase().includes(wanted)))
}
