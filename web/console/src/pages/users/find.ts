import { mostFound, type Found, type Search } from '@/shell/page'
import { usersQuery } from './api'
import { searchUsers } from './form'

const fresh = 60_000

/** Finds users for the command palette. The server gives them all at once, so that one answer serves every letter. */
export async function findUsers({ text, client }: Search): Promise<Found[]> {
  const users = await client.fetchQuery({ ...usersQuery, staleTime: fresh })
  return searchUsers(users, text).slice(0, mostFound).map(({ name, displayName, role, scope }) => ({
    id: name, label: displayName || name, description: [displayName && name, role, scope].filter(Boolean).join(' · '), to: '/users', search: { user: name },
  }))
}
