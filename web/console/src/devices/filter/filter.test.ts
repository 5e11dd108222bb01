import { describe, expect, it } from 'vitest'
import { ProblemError } from '@/api/problem'
import type { FilterField } from '@/api/types'
import { suggest } from './completions'
import { faultOf } from './fault'
import { atByte } from './position'
import { scan } from './scan'
import { chosenOf, hasTerm, termsOf, toggleOf, toggleTerm } from './terms'

describe('scan', () => {
  const kinds = (text: string) => scan(text).map((t) => `${t.kind}:${t.text}`)

  it('tells words, operators, values and keywords apart', () => {
    expect(kinds('model = T4* AND -(tags:vip OR NOT online)')).toEqual([
      'word:model', 'operator:=', 'word:T4*', 'keyword:AND', 'minus:-', 'open:(', 'word:tags', 'operator::', 'word:vip', 'keyword:OR', 'keyword:NOT', 'word:online', 'close:)',
    ])
  })

  it('keeps the colons of a MAC address and the minus of a time in the value', () => {
    expect(kinds('mac = 00:15:65* lastInform < -24h')).toEqual(['word:mac', 'operator:=', 'word:00:15:65*', 'word:lastInform', 'operator:<', 'word:-24h'])
    expect(kinds('80:5e:c0:00:00:01')).toEqual(['word:80:5e:c0:00:00:01'])
  })

  it('reads a string to its end, also without a closing quote', () => {
    expect(kinds('model = "a \\" b" x')).toEqual(['word:model', 'operator:=', 'string:"a \\" b"', 'word:x'])
    expect(kinds('model = "a b')).toEqual(['word:model', 'operator:=', 'string:"a b'])
  })

  it('comes to an end with anything, and leaves nothing out', () => {
    for (const text of ['!', '((', '" \\', '===', '-', '- a', ':::', 'é*ß ☎', '\u00a0a']) {
      expect(scan(text).map((t) => t.text).join('')).toBe(text.startsWith('"') ? text : text.replace(/\s/g, ''))
    }
  })
})

describe('the terms of a filter', () => {
  it('are what AND or nothing joins at the top', () => {
    expect(termsOf('a AND model = T46S OR model = T48S (b c) -tags:vip NOT online')).toEqual(['a', 'model = T46S OR model = T48S', '(b c)', '-tags:vip', 'NOT online'])
  })

  it('are added and taken away, however they are spaced', () => {
    expect(toggleTerm('yealink', 'tags:vip')).toBe('yealink tags:vip')
    expect(toggleTerm('yealink AND tags : vip', 'tags:vip')).toBe('yealink')
    expect(toggleTerm('*', 'tags:vip')).toBe('tags:vip')
    expect(hasTerm('-tags:vip', 'tags:vip')).toBe(false)
  })

  it('offer states as alternatives', () => {
    const states = ['online', 'late', 'offline', 'neverSeen']
    expect(toggleOf('T46', states, 'late')).toBe('T46 late')
    expect(toggleOf('T46 offline', states, 'late')).toBe('T46 (late OR offline)')
    expect(toggleOf('T46 (late OR offline)', states, 'offline')).toBe('T46 late')
    expect(toggleOf('late', states, 'late')).toBe('')
    expect(chosenOf('T46 (late OR offline)', states)).toEqual(['late', 'offline'])
    expect(chosenOf('late OR T46', states)).toEqual([])
  })
})

describe('the place of a fault', () => {
  const invalid = (position: number) => new ProblemError('invalid', 422, '', [{ location: 'query.filter', message: 'no', position }])

  it('is counted in bytes by the server and in characters here', () => {
    expect(atByte('é☎x', 0)).toBe(0)
    expect(atByte('é☎x', 2)).toBe(1)
    expect(atByte('é☎x', 5)).toBe(2)
    expect(atByte('😀x', 4)).toBe(2)
    expect(atByte('a', 9)).toBe(1)
  })

  it('is the word that stands there', () => {
    expect(faultOf('é tagz:vip', invalid(3))).toEqual({ from: 2, to: 6, message: 'no' })
  })

  it('is the last character where something is missing at the end', () => {
    expect(faultOf('model = ', invalid(8))).toEqual({ from: 6, to: 7, message: 'no' })
    expect(faultOf('', invalid(0))).toEqual({ from: 0, to: 0, message: 'no' })
  })

  it('is nowhere if something else is wrong', () => {
    expect(faultOf('a', undefined)).toBeUndefined()
    expect(faultOf('a', new ProblemError('unavailable', 503, ''))).toBeUndefined()
  })
})

describe('what could be written', () => {
  const fields: FilterField[] = [
    { name: 'model', type: 'string', search: true, orders: true, values: ['T46S', 'VVX 411'] },
    { name: 'tags', type: 'list', search: true, orders: false, values: ['vip'] },
    { name: 'online', type: 'bool', search: false, orders: false },
    { name: 'lastInform', type: 'time', search: false, orders: true },
  ]
  const labels = (text: string, cursor = text.length) => suggest(text, cursor, fields).options.map((o) => o.label)

  it('is a field at the begin, and after a term', () => {
    expect(suggest('mo', 2, fields)).toMatchObject({ from: 0, options: expect.arrayContaining([expect.objectContaining({ label: 'model', insert: 'model = ' })]) })
    expect(labels('')).toEqual(['model', 'tags', 'online', 'lastInform', 'NOT'])
    expect(labels('T46 ')).toContain('OR')
  })

  it('is a value behind an operator, in quotes where it needs them', () => {
    expect(suggest('model = ', 8, fields)).toEqual({ from: 8, options: [{ label: 'T46S', insert: 'T46S', kind: 'value' }, { label: 'VVX 411', insert: '"VVX 411"', kind: 'value' }] })
    expect(suggest('online tags:v', 13, fields)).toMatchObject({ from: 12, options: [{ label: 'vip' }] })
    expect(labels('lastInform < -')).toContain('-24h')
    expect(labels('unknown = ')).toEqual([])
  })

  it('is an operator behind a field, and none behind a value', () => {
    expect(labels('lastInform ').slice(0, 4)).toEqual(['<', '<=', '>', '>='])
    expect(labels('model = model ')[0]).toBe('model')
  })

  it('minds the cursor and not what stands behind it', () => expect(suggest('model =  online', 8, fields).options[0]?.label).toBe('T46S'))
})
