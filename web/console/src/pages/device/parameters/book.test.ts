import { describe, expect, it, vi } from 'vitest'
import type { Page, Parameter } from '@/api/types'
import { mayAdd, mayDelete } from './deeds'
import { Book } from './book'
import { firstOpen, rowsOf, search } from './rows'

const parameter = (path: string, value: string | null = null): Parameter =>
  ({ path, value, type: '', writable: null, notification: null, updatedAt: null, object: path.endsWith('.') })

/** A server that gives pages of a flat list, in order. */
function server(paths: string[], pageSize: number) {
  const all = [...paths].sort()
  return vi.fn((prefix: string, token: string): Promise<Page<Parameter>> => {
    const below = all.filter((p) => p.startsWith(prefix))
    const from = Number(token || 0)
    const items = below.slice(from, from + pageSize).map((p) => parameter(p, p.endsWith('.') ? null : `value of ${p}`))
    return Promise.resolve({ items, nextPageToken: from + pageSize < below.length ? String(from + pageSize) : '', totalSize: below.length })
  })
}

const tree = ['D.', 'D.A.', 'D.A.x', 'D.A.y', 'D.B.', 'D.B.1.', 'D.B.1.n', 'D.B.10.', 'D.B.10.n', 'D.B.2.', 'D.B.2.n', 'D.C.', 'D.C.z', 'D.leaf']
const shown = (book: Book, open: string[], found?: Set<string>) => rowsOf(book, new Set(open), found).map((r) => (r.kind === 'more' ? `more of ${r.path || 'all'}` : r.path))

describe('the book of a tree', () => {
  it('reads a page and knows which branches are complete', async () => {
    const book = new Book(server(tree, 6))
    await book.ensure('')
    expect(book.covers('D.A.')).toBe(true)
    expect(book.covers('D.B.')).toBe(false)
    expect(book.covers('')).toBe(false)
    expect(book.scan('')).toMatchObject({ read: 6, total: 14, done: false })
  })

  it('reads only the branch that is opened', async () => {
    const read = server(tree, 6)
    const book = new Book(read)
    await book.ensure('')
    await book.ensure('D.A.')
    expect(read).toHaveBeenCalledTimes(1)
    await book.ensure('D.B.')
    expect(read).toHaveBeenLastCalledWith('D.B.', '', undefined)
    expect(book.covers('D.C.')).toBe(false)
  })

  it('shows what is open, instances by number, and where more is to be read', async () => {
    const book = new Book(server(tree, 6))
    await book.ensure('')
    expect(shown(book, ['D.'])).toEqual(['D.', 'D.A.', 'D.B.', 'more of all'])
    await book.readAll('')
    expect(shown(book, ['D.', 'D.B.'])).toEqual(['D.', 'D.leaf', 'D.A.', 'D.B.', 'D.B.1.', 'D.B.2.', 'D.B.10.', 'D.C.'])
    expect(firstOpen(book)).toEqual(['D.'])
  })

  it('finds text in paths and values, with the objects above', async () => {
    const book = new Book(server(tree, 100))
    await book.ensure('')
    const { found, count } = search(book, 'VALUE OF D.C')
    expect(count).toBe(1)
    expect(shown(book, [], found)).toEqual(['D.', 'D.C.', 'D.C.z'])
    expect(rowsOf(book, new Set(), found, new Set(['D.C.'])).map((r) => r.path)).toEqual(['D.', 'D.C.'])
  })

  it('forgets what is gone when a branch is read anew', async () => {
    const paths = [...tree]
    const book = new Book((prefix, token) => server(paths, 3)(prefix, token))
    await book.readAll('')
    paths.splice(paths.indexOf('D.B.2.'), 2)
    await book.reload('D.B.')
    expect(book.index.has('D.B.2.')).toBe(false)
    expect(book.index.childrenOf('D.B.')).toEqual(['D.B.1.', 'D.B.10.'])
    expect(book.index.has('D.C.z')).toBe(true)
  })

  it('keeps what follows the part that was read anew', async () => {
    const book = new Book(server(tree, 6))
    await book.ensure('')
    await book.readAll('D.C.')
    await book.reload('')
    expect(book.index.has('D.C.z')).toBe(true)
  })

  it('says what went wrong and goes on from there', async () => {
    const read = server(tree, 6)
    const book = new Book(read)
    read.mockRejectedValueOnce(new Error('no network'))
    await book.ensure('')
    expect(book.scan('')?.problem).toBeInstanceOf(Error)
    await book.readAll('')
    expect(book.covers('')).toBe(true)
    expect(book.index.size).toBe(14)
  })

  it('does not read a page twice at once', async () => {
    const read = server(tree, 6)
    const book = new Book(read)
    await Promise.all([book.readOn(''), book.readOn(''), book.readAll('')])
    expect(read.mock.calls.map(([, token]) => token)).toEqual(['', '6', '12'])
  })

  it('holds 20,000 parameters and shows them in time', async () => {
    const paths = Array.from({ length: 20_000 }, (_, i) => `D.T.${Math.floor(i / 20)}.p${i % 20}`)
    const book = new Book(server(paths, 20_000))
    const begun = performance.now()
    await book.ensure('')
    const rows = rowsOf(book, new Set(['D.', 'D.T.']))
    expect(rows).toHaveLength(1002)
    expect(search(book, 'p19').count).toBe(1000)
    expect(performance.now() - begun).toBeLessThan(2000)
  })
})

describe('instances', () => {
  it('can be added where the children are numbers, and deleted', async () => {
    const book = new Book(server(tree, 100))
    await book.ensure('')
    expect(['', 'D.', 'D.A.', 'D.B.', 'D.B.1.', 'D.leaf'].filter((p) => mayAdd(book, p))).toEqual(['D.B.'])
    expect(['D.', 'D.B.', 'D.B.1.', 'D.leaf'].filter((p) => mayDelete(book, p))).toEqual(['D.B.1.'])
  })

  it('cannot be where the phone says no; an empty object takes them where it says yes', () => {
    const book = new Book(server([], 1))
    book.index.put({ ...parameter('D.B.'), writable: false })
    book.index.put({ ...parameter('D.B.1.'), writable: false })
    book.index.put({ ...parameter('D.E.'), writable: true })
    expect(['D.B.', 'D.E.'].filter((p) => mayAdd(book, p))).toEqual(['D.E.'])
    expect(mayDelete(book, 'D.B.1.')).toBe(false)
  })
})
