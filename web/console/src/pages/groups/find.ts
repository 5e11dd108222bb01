import { answer, api } from '@/api/client'
import { mostFound, type Found, type Search } from '@/shell/page'

/** Finds groups for the command palette by their path or title. */
export async function findGroups({ text, signal }: Search): Promise<Found[]> {
  const page = await answer(api.GET('/api/v1/groups', { params: { query: { search: text, pageSize: mostFound } }, signal }))
  return page.items.map(({ path, title }) => ({ id: path, label: title || path, ...(title && { description: path }), to: '/groups', search: { group: path } }))
}
