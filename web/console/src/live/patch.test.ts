import { QueryClient } from '@tanstack/react-query'
import { beforeEach, describe, expect, it } from 'vitest'
import { keys } from '@/api/keys'
import { patchCache, type Identified } from './patch'

type Thing = Identified & { state: string }

const things = (...ids: string[]) => ids.map((id) => ({ id, state: 'old' }))

let client: QueryClient
beforeEach(() => {
  client = new QueryClient()
})

const device = (id: string, state = 'new') => ({ kind: 'device' as const, id, now: { id, state } })

describe('patchCache', () => {
  it('changes the rows of a page and leaves the others the same objects', () => {
    const page = { items: things('a', 'b', 'c'), nextPageToken: 'n', totalSize: 3 }
    client.setQueryData(keys.devices({ filter: 'x' }), page)
    patchCache(client, [device('b')])
    const patched = client.getQueryData<typeof page>(keys.devices({ filter: 'x' }))!
    expect(patched.items.map((item) => item.state)).toEqual(['old', 'new', 'old'])
    expect(patched.items[0]).toBe(page.items[0])
    expect(patched).toMatchObject({ nextPageToken: 'n', totalSize: 3 })
  })

  it('leaves a list without the thing untouched, with its age', () => {
    const page = { items: things('a'), nextPageToken: '' }
    client.setQueryData(keys.devices(), page, { updatedAt: 5 })
    patchCache(client, [device('z')])
    expect(client.getQueryData(keys.devices())).toBe(page)
    patchCache(client, [device('a')])
    expect(client.getQueryState(keys.devices())!.dataUpdatedAt).toBe(5)
  })

  it('takes deleted things out of infinite pages and counts them off', () => {
    const data = {
      pages: [{ items: things('a', 'b'), nextPageToken: 'n', totalSize: 3 }, { items: things('c'), nextPageToken: '', totalSize: 3 }],
      pageParams: ['', 'n'],
    }
    client.setQueryData(keys.devices(), data)
    patchCache(client, [{ kind: 'device', id: 'a' }])
    const { pages } = client.getQueryData<typeof data>(keys.devices())!
    expect(pages[0]!.items.map((item) => item.id)).toEqual(['b'])
    expect(pages[0]!.totalSize).toBe(2)
    expect(pages[1]).toBe(data.pages[1])
  })

  it('adds new things on top only where the list says that they belong to it', () => {
    const mine = keys.tasks({ device: 'd' })
    const belongs = (task: Thing) => task.state === 'queued'
    void client.prefetchQuery({ queryKey: mine, queryFn: () => ({ items: [], nextPageToken: '' }), meta: { belongs } })
    client.setQueryData(mine, { items: things('a'), nextPageToken: '', totalSize: 1 })
    client.setQueryData(keys.tasks(), { items: things('a'), nextPageToken: '' })
    patchCache(client, [
      { kind: 'task', id: 'x', now: { id: 'x', state: 'queued' } as Thing },
      { kind: 'task', id: 'y', now: { id: 'y', state: 'other' } as Thing },
      { kind: 'task', id: 'z', now: { id: 'z', state: 'queued' } as Thing },
    ])
    expect(client.getQueryData(mine)).toMatchObject({ items: [{ id: 'z' }, { id: 'x' }, { id: 'a' }], totalSize: 3 })
    expect(client.getQueryData(keys.tasks())).toMatchObject({ items: [{ id: 'a' }] })
  })

  it('changes the one thing itself, keeps what events leave out, and makes none up', () => {
    client.setQueryData(keys.device('a'), { id: 'a', state: 'old', extra: 1 })
    patchCache(client, [device('a'), device('b')])
    expect(client.getQueryData(keys.device('a'))).toEqual({ id: 'a', state: 'new', extra: 1 })
    expect(client.getQueryData(keys.device('b'))).toBeUndefined()
  })

  it('has a thing that is gone asked for again', () => {
    client.setQueryData(keys.device('a'), { id: 'a' })
    patchCache(client, [{ kind: 'device', id: 'a' }])
    expect(client.getQueryState(keys.device('a'))!.isInvalidated).toBe(true)
  })

  it('leaves other kinds alone', () => {
    const page = { items: things('a'), nextPageToken: '' }
    client.setQueryData(keys.tasks(), page)
    patchCache(client, [device('a')])
    expect(client.getQueryData(keys.tasks())).toBe(page)
  })
})
