import { describe, expect, it } from 'vitest'
import type { TraceMessage, TraceOrder } from '@/api/types'
import { activeFilters, activeOrder, conversationsOf, isRefusal, sizeOf, statusOf } from './conversation'
import { indented } from './xml'

const message = (id: string, session: string) => ({ id, session }) as TraceMessage

describe('the messages of a trace', () => {
  it('are put together by session, the newest session first and its messages in their order', () => {
    const found = conversationsOf([message('1', 'a'), message('2', 'a'), message('3', 'b'), message('4', 'a')])
    expect(found.map(({ session, messages }) => [session, messages.map(({ id }) => id).join('')])).toEqual([['b', '3'], ['a', '124']])
  })

  it('say their status if they are answers', () => {
    expect(['HTTP/1.1 200 OK', 'HTTP/1.1 204 No Content', 'POST / HTTP/1.1', ''].map(statusOf)).toEqual(['200 OK', '204 No Content', '', ''])
  })

  it('are told apart if they refuse', () => {
    expect([
      { start: 'HTTP/1.1 401 Unauthorized', method: '' }, { start: 'POST / HTTP/1.1', method: 'Fault' }, { start: 'HTTP/1.1 200 OK', method: 'Reboot' }, { start: 'POST /4 HTTP/1.1', method: '' },
    ].map(isRefusal)).toEqual([true, true, false, false])
  })

  it('have the size of all their bytes', () => expect(sizeOf({ body: 'é☎', cut: 10 })).toBe(15))
})

describe('the orders', () => {
  const order = (some: Partial<TraceOrder>) => ({ active: true, until: '2026-03-01T12:00:00Z', ...some }) as TraceOrder
  const orders = [order({ id: '1', device: 'd' }), order({ id: '2', device: 'd', until: '2026-03-01T13:00:00Z' }), order({ id: '3', device: 'd', active: false, until: '2026-03-02T00:00:00Z' }), order({ id: '4', filter: 'model = T46S' }), order({ id: '5', device: 'e' })]
  it('for a device are known by the one in force that ends last', () => {
    expect([activeOrder(orders, 'd')?.id, activeOrder(orders, 'e')?.id, activeOrder(orders, 'f')]).toEqual(['2', '5', undefined])
  })
  it('for many devices are told apart', () => expect(activeFilters(orders).map(({ id }) => id)).toEqual(['4']))
})

describe('XML to read', () => {
  it.each([
    ['<a><b>1</b><c/></a>', '<a>\n  <b>1</b>\n  <c/>\n</a>'],
    ['<?xml version="1.0"?>\n<e:E x="a>b">\n\n <b></b> </e:E>', '<?xml version="1.0"?>\n<e:E x="a>b">\n  <b></b>\n</e:E>'],
    ['<a>text<b>1</b></a>', '<a>text\n  <b>1</b>\n</a>'],
    ['<a><![CDATA[<x>]]></a><!-- <b> -->', '<a><![CDATA[<x>]]></a>\n<!-- <b> -->'],
    ['<a><b>cut o', '<a>\n  <b>cut o'],
    ['</a></b>', '</a>\n</b>'],
    ['no XML at all', 'no XML at all'],
    ['', ''],
  ])('of %j is indented', (text, want) => expect(indented(text)).toBe(want))

  it('comes to an end soon with much that is none', () => {
    const before = performance.now()
    expect(indented('<"'.repeat(100_000)).length).toBeGreaterThan(100_000)
    expect(performance.now() - before).toBeLessThan(2000)
  })
})
