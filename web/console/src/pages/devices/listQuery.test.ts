import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keys } from '@/api/keys'
import { beginDevices } from './listQuery'

const asked: string[] = []

function answerLists() {
  vi.stubGlobal('fetch', async (request: Request) => {
    const url = new URL(request.url)
    asked.push(`${url.pathname.replace('/api/v1/', '')}?${url.searchParams}`)
    return Response.json({ items: [], nextPageToken: '', totalSize: 0 })
  })
}

describe('a list of devices that is begun before its page is made', () => {
  beforeEach(() => {
    asked.length = 0
    answerLists()
  })
  afterEach(() => vi.unstubAllGlobals())

  it('is the one that the page then shows, with the fields of its columns', async () => {
    const client = new QueryClient()
    beginDevices(client, { filter: 42, sort: 'mac desc' })
    await vi.waitFor(() => expect(client.getQueryData(keys.devices({ filter: '42', orderBy: 'mac desc' }))).toBeDefined())
    expect(asked).toEqual(['devices?pageSize=200&filter=42&orderBy=mac+desc', 'filterFields?of=devices'])
  })

  it('is not read again while it is known: the page reads what somebody sees of it', async () => {
    const client = new QueryClient()
    client.setQueryData(keys.devices({ filter: '', orderBy: '' }), { pages: [], pageParams: [] })
    beginDevices(client, {})
    await vi.waitFor(() => expect(client.getQueryData(keys.filterFields('devices'))).toBeDefined())
    expect(asked).toEqual(['filterFields?of=devices'])
  })
})
