import { answer, api } from '@/api/client'
import { equals, wordsIn } from '@/listing/filters'
import { mostFound, type Found, type Search } from '@/shell/page'

/** Finds files for the command palette: every word must be somewhere in one. */
export async function findFiles({ text, signal }: Search): Promise<Found[]> {
  const page = await answer(api.GET('/api/v1/files', { params: { query: { filter: wordsIn(text), pageSize: mostFound } }, signal }))
  return page.items.map((file) => ({
    id: file.name, label: file.name, description: [file.type, file.version, file.productClass].filter(Boolean).join(' · '), to: '/files', search: { filter: equals('name', file.name) },
  }))
}
