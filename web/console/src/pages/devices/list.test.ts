import { describe, expect, it, vi } from 'vitest'
import type { Device, FilterField, Page } from '@/api/types'
import { allColumns, chosenColumns, moved, standardColumns } from './columns'
import { append, nextToken, renew, rowsOf, totalOf, type Loaded } from './pages'
import { extend, isSelected, mostSelected, nothing, selectRows, sizeOf, toggle } from './selection'
import { clickSort, formatSort, parseSort } from './sort'
import { gridCommand, pageCommand } from './tableKeys'
import { exportURL, listStateOf, searchOf } from './urlState'
import { shows, viewsOf, withoutView, withView } from './views'
import { isWords } from './NoMatch'

const page = (ids: string, next = '', total = 9): Page<Device> => ({ items: [...ids].map((id) => ({ id }) as Device), nextPageToken: next, totalSize: total })
const loaded: Loaded = { pages: [page('ab', '1'), page('cd', '2'), page('ef', '3')], pageParams: ['', '1', '2'] }
const ids = (of: Loaded | undefined) => rowsOf(of).map((row) => row.id).join('')

describe('the loaded pages', () => {
  it('are one list, in which each device comes once', () => {
    expect(ids({ pages: [page('ab'), page('bc')], pageParams: ['', '1'] })).toBe('abc')
    expect(ids(undefined)).toBe('')
    expect([nextToken(loaded), totalOf(loaded)]).toEqual(['3', 9])
  })

  it('are added to, but not by a page that was asked for before they changed', () => {
    expect(ids(append(loaded, '3', page('g')))).toBe('abcdefg')
    expect(append(loaded, '2', page('g'))).toBe(loaded)
    expect(append(undefined, '', page('g'))).toBeUndefined()
  })

  it('begin with the first page', async () => {
    const read = vi.fn().mockResolvedValue(page('ab', '1'))
    expect(ids(await renew(undefined, { first: 0, last: 90 }, read))).toBe('ab')
    expect(read.mock.calls).toEqual([['']])
  })

  it('are read anew only where somebody looks', async () => {
    const read = vi.fn().mockResolvedValue(page('CD', '2', 8))
    const after = await renew(loaded, { first: 2, last: 3 }, read)
    expect(read.mock.calls).toEqual([['1']])
    expect([ids(after), after.pageParams]).toEqual(['abCDef', ['', '1', '2']])
  })

  it('are forgotten behind what was read if they no longer follow on it', async () => {
    const read = vi.fn().mockResolvedValueOnce(page('aX', '1x')).mockResolvedValueOnce(page('bc', '2x'))
    const after = await renew(loaded, { first: 1, last: 2 }, read)
    expect(read.mock.calls).toEqual([[''], ['1x']])
    expect([ids(after), nextToken(after)]).toEqual(['aXbc', '2x'])
  })

  it('end where the server says so', async () => {
    const after = await renew(loaded, { first: 0, last: 5 }, async () => page('a'))
    expect([ids(after), nextToken(after)]).toEqual(['a', ''])
  })
})

describe('a selection', () => {
  const rows = [...'abcdef'].map((id) => ({ id }))

  it('takes and leaves single rows', () => {
    const one = toggle(nothing, 'b')
    expect([isSelected(one, 'b'), isSelected(toggle(one, 'b'), 'b'), sizeOf(one, 9)]).toEqual([true, false, 1])
  })

  it('reaches from the anchor to a row, in either direction', () => {
    expect([...extend(toggle(nothing, 'e'), 'c', rows).ids].sort().join('')).toBe('cde')
    expect([...extend(nothing, 'c', rows).ids]).toEqual(['c'])
  })

  it('of all that match ends when a row is left out', () => {
    const every = { all: true, ids: new Set<string>() }
    expect([isSelected(every, 'z'), sizeOf(every, 90)]).toEqual([true, 90])
    expect(sizeOf(toggle(every, 'a'), 90)).toBe(1)
  })

  it('is bounded', () => {
    const many = Array.from({ length: mostSelected + 5 }, (_, i) => ({ id: String(i) }))
    expect(sizeOf(selectRows(many), 0)).toBe(mostSelected)
    expect(sizeOf(toggle(selectRows(many), 'new'), 0)).toBe(mostSelected)
  })
})

describe('the order', () => {
  it('is read and written as the API has it', () => {
    expect(formatSort(parseSort(' lastInform  desc, model ,'))).toBe('lastInform desc, model')
    expect(parseSort('')).toEqual([])
  })
  it('goes from ascending to descending to none with each click', () => {
    expect([clickSort('', 'mac', false), clickSort('mac', 'mac', false), clickSort('mac desc', 'mac', false), clickSort('model', 'mac', false)]).toEqual(['mac', 'mac desc', '', 'mac'])
  })
  it('has several fields where one is added', () => {
    expect([clickSort('model', 'mac', true), clickSort('model, mac', 'model', true), clickSort('model desc, mac', 'model', true)]).toEqual(['model, mac', 'model desc, mac', 'mac'])
  })
})

describe('the columns', () => {
  const field = (name: string, type: FilterField['type'] = 'string') => ({ name, type, search: false, orders: true })
  const every = allColumns([field('mac'), field('model'), field('online', 'bool'), field('parameter.registration')])

  it('are the fields of filters, and one for the state', () => expect(every.map((c) => c.name)).toEqual(['state', 'mac', 'model', 'parameter.registration']))
  it('are those that were chosen and exist, each once', () => {
    expect(chosenColumns(['model', 'gone', 'state', 'model'], every).map((c) => c.name)).toEqual(['model', 'state'])
    expect(chosenColumns(['gone'], every).map((c) => c.name)).toEqual(['state', 'mac', 'model'])
    expect(chosenColumns([], allColumns([])).map((c) => c.name)).toEqual(standardColumns)
  })
  it('change places', () => {
    expect(moved(['a', 'b', 'c'], 'c', -1)).toEqual(['a', 'c', 'b'])
    expect(moved(['a', 'b'], 'a', -1)).toEqual(['a', 'b'])
    expect(moved(['a', 'b'], 'x', 1)).toEqual(['a', 'b'])
  })
})

describe('the address', () => {
  it('has what is not as usual, and gives it back', () => {
    const state = { filter: 'tags:vip', sort: 'mac', columns: ['mac', 'state'] }
    expect(searchOf(state)).toEqual({ filter: 'tags:vip', sort: 'mac', columns: 'mac,state' })
    expect(listStateOf({ filter: 'tags:vip', sort: 'mac', columns: 'mac,state' })).toEqual(state)
    expect(searchOf({ filter: '', sort: '', columns: [] })).toEqual({})
  })
  it('of the CSV asks for the same', () => {
    expect(exportURL('model = "A&B"', 'mac', ['mac', 'parameter.x'])).toBe('/api/v1/devices/export?filter=model+%3D+%22A%26B%22&orderBy=mac&columns=mac%2Cparameter.x')
    expect(exportURL('', '', ['mac'])).toBe('/api/v1/devices/export?columns=mac')
  })
})

describe('views', () => {
  const view = (name: string) => ({ name, filter: 'late', sort: '', columns: [] as string[] })
  it('are what is one among what was stored', () => {
    expect(viewsOf([{ name: 'a', filter: 1, columns: ['x', 2] }, null, 'b', { filter: 'x' }])).toEqual([{ name: 'a', filter: '', sort: '', columns: ['x'] }])
    expect(viewsOf({})).toEqual([])
  })
  it('replace the one of the same name', () => {
    expect(withView([view('b'), view('a')], { ...view('b'), filter: 'x' })).toEqual([view('a'), { ...view('b'), filter: 'x' }])
    expect(withoutView([view('b'), view('a')], 'b')).toEqual([view('a')])
  })
  it('are shown whatever columns the viewer has, unless they have their own', () => {
    expect(shows({ filter: ' late ', sort: '', columns: ['mac'] }, view('a'))).toBe(true)
    expect(shows({ filter: 'late', sort: '', columns: ['mac'] }, { ...view('a'), columns: ['model'] })).toBe(false)
    expect(shows({ filter: 'late', sort: 'mac', columns: [] }, view('a'))).toBe(false)
  })
})

describe('keys', () => {
  const key = (name: string, more = {}) => ({ key: name, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more })
  it('move and select anywhere on the page, but not together with Ctrl', () => {
    expect(pageCommand(key('j'))).toEqual({ do: 'move', by: 1, extend: false })
    expect(pageCommand(key('K', { shiftKey: true }))).toEqual({ do: 'move', by: -1, extend: true })
    expect(pageCommand(key('/'))).toEqual({ do: 'search' })
    expect(pageCommand(key('k', { ctrlKey: true }))).toBeUndefined()
    expect(pageCommand(key('q'))).toBeUndefined()
  })
  it('do more while the table has the focus', () => {
    expect(gridCommand(key('PageDown'), 20)).toEqual({ do: 'move', by: 20, extend: false })
    expect(gridCommand(key('Enter'), 20)).toEqual({ do: 'open' })
    expect(gridCommand(key('a', { ctrlKey: true }), 20)).toEqual({ do: 'selectLoaded' })
    expect(gridCommand(key('ArrowUp', { altKey: true }), 20)).toBeUndefined()
  })
})

describe('a search that finds nothing', () => {
  it.each([['customer-03/site-4', true], ['main hall', true], ['model = T46', false], ['online OR late', false], ['', false], ['"quoted"', false]])(
    'may mean a group if it is words only: %s', (filter, words) => expect(isWords(filter)).toBe(words),
  )
})
