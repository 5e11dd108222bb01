import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { keys } from '@/api/keys'
import { preferencesWriter, usePreferences } from './usePreferences'

let stored: Record<string, unknown>
let writes: Record<string, unknown>[]
let refuse: number
let client: QueryClient

// Answers as the server does: what is put replaces all that was there.
async function serve(request: Request): Promise<Response> {
  if (request.method === 'GET') return Response.json(stored)
  const body = (await request.json()) as Record<string, unknown>
  if (refuse > 0) return new Response('{"type":"x"}', { status: refuse, headers: { 'Content-Type': 'application/problem+json' } })
  stored = body
  writes.push(body)
  return new Response(null, { status: 204 })
}

beforeEach(() => {
  stored = { language: 'de', elsewhere: 1 }
  writes = []
  refuse = 0
  client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  vi.stubGlobal('fetch', serve)
})
afterEach(() => vi.unstubAllGlobals())

const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>

async function shown() {
  const { result } = renderHook(usePreferences, { wrapper })
  await waitFor(() => expect(result.current.preferences).toBeDefined())
  return result
}

it('Changes show at once and are written together, with what another tab wrote meanwhile', async () => {
  const result = await shown()
  act(() => result.current.change({ theme: 'dark' }))
  act(() => result.current.change({ columns: ['model'] }))
  await waitFor(() => expect(result.current.preferences).toEqual({ language: 'de', elsewhere: 1, theme: 'dark', columns: ['model'] }))
  stored = { ...stored, elsewhere: 2 }
  await waitFor(() => expect(writes).toEqual([{ language: 'de', elsewhere: 2, theme: 'dark', columns: ['model'] }]), { timeout: 3000 })
})

it('A change of undefined removes the preference', async () => {
  const result = await shown()
  act(() => result.current.change({ elsewhere: undefined }))
  await act(() => preferencesWriter(client).flush())
  expect(writes).toEqual([{ language: 'de' }])
  expect(client.getQueryData(keys.preferences)).toEqual({ language: 'de' })
})

it('What could not be written for the moment waits, and reading does not undo it', async () => {
  const result = await shown()
  refuse = 503
  act(() => result.current.change({ theme: 'dark' }))
  await act(() => preferencesWriter(client).flush())
  await act(() => client.refetchQueries({ queryKey: keys.preferences }))
  expect(result.current.preferences).toMatchObject({ theme: 'dark' })
  refuse = 0
  await act(() => preferencesWriter(client).flush())
  expect(stored).toEqual({ language: 'de', elsewhere: 1, theme: 'dark' })
})

it('What the server refuses for good is shown no longer', async () => {
  const result = await shown()
  refuse = 422
  act(() => result.current.change({ huge: 'x' }))
  await act(() => preferencesWriter(client).flush())
  await waitFor(() => expect(result.current.preferences).toEqual({ language: 'de', elsewhere: 1 }))
})

it('What one user did not get written is not written for the next', async () => {
  const result = await shown()
  act(() => result.current.change({ theme: 'dark' }))
  preferencesWriter(client).forget()
  await act(() => preferencesWriter(client).flush())
  expect(writes).toEqual([])
})
