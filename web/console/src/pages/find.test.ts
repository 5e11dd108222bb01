import { QueryClient } from '@tanstack/react-query'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Search } from '@/shell/page'
import { findDevices } from './devices/find'
import { findFiles } from './files/find'
import { findGroups } from './groups/find'
import { findUsers } from './users/find'

const asked: string[] = []
let items: unknown[] = []

beforeEach(() => {
  asked.length = 0
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (request) => {
    const url = new URL((request as Request).url)
    asked.push(decodeURIComponent(url.pathname + url.search).replaceAll('+', ' '))
    return new Response(JSON.stringify({ items }), { status: 200, headers: { 'Content-Type': 'application/json' } })
  })
})

function search(text: string, client = new QueryClient()): Search {
  return { text, client, signal: new AbortController().signal }
}

describe('what the palette finds', () => {
  it('are devices by words, whatever they mean in a filter', async () => {
    items = [{ id: 'a', serialNumber: 'SN1', model: 'T46', mac: '', group: '' }]
    expect(await findDevices(search('81:7b or'))).toEqual([{ id: 'a', label: 'SN1', description: 'T46', to: '/devices/a' }])
    expect(asked[0]).toContain('filter="81:7b" "or"')
  })

  it('are groups by the search of the server', async () => {
    items = [{ path: 'acme/north', title: 'North' }, { path: 'acme', title: '' }]
    const found = await findGroups(search('acme'))
    expect(found.map(({ label, search: to }) => [label, to])).toEqual([['North', { group: 'acme/north' }], ['acme', { group: 'acme' }]])
    expect(asked[0]).toContain('search=acme')
  })

  it('are files by words, each leading to its own line', async () => {
    items = [{ name: 'a b.loads', type: '1 Firmware Upgrade Image', version: '', productClass: '' }]
    expect((await findFiles(search('loads')))[0]).toMatchObject({ label: 'a b.loads', to: '/files', search: { filter: 'name = "a b.loads"' } })
    expect(asked[0]).toContain('filter=loads')
  })

  it('are users, whom one answer serves for every letter', async () => {
    items = [{ name: 'anna', displayName: 'Anna K.', role: 'support', scope: 'acme' }, { name: 'ben', displayName: '', role: 'admin', scope: '' }]
    const client = new QueryClient()
    expect(await findUsers(search('an', client))).toEqual([{ id: 'anna', label: 'Anna K.', description: 'anna · support · acme', to: '/users', search: { user: 'anna' } }])
    expect(await findUsers(search('ben', client))).toMatchObject([{ label: 'ben' }])
    expect(asked).toHaveLength(1)
  })
})
