import { describe, expect, it } from 'vitest'
import { all, allOf, equals, ofSubtree, oneOf, quote, quoted, wordsIn } from './filters'
import { changedSearch, textsOf, wordsOf } from './urlTexts'

describe('a constant of a filter', () => {
  it('has no special characters left', () => {
    expect(quoted('a "b" \\ *')).toBe('"a \\"b\\" \\\\ \\*"')
  })
})

describe('a filter made of parts', () => {
  it('leaves out what is empty', () => {
    expect(allOf(' ', '', 'online')).toBe('online')
    expect(allOf('', '')).toBe('')
  })

  it('keeps what was typed as it is while it is alone, so that places in it stay', () => {
    expect(allOf('a OR b ', '')).toBe('a OR b')
    expect(allOf('a OR b', oneOf('state', ['failed', 'expired']))).toBe('(a OR b) AND state = "failed" OR state = "expired"')
  })

  it('selects a group with all below, and none whose name only begins alike', () => {
    expect(ofSubtree('acme/so*th')).toBe('group = "acme/so\\*th" OR group = "acme/so\\*th/*"')
  })
})

describe('a filter that people read', () => {
  it.each([
    ['T46S', 'T46S'], ['00:15:65:aa:bb:01', '00:15:65:aa:bb:01'], ['VVX 411', '"VVX 411"'], ['a"b\\c*', '"a\\"b\\\\c\\*"'], ['or', '"or"'], ['-24h', '"-24h"'], ['', '""'],
  ])('writes %s so that it is itself', (text, want) => expect(quote(text)).toBe(want))

  it('selects what has no value by an empty string', () => expect(equals('model', '')).toBe('model = ""'))

  it('joins filters so that an OR in one keeps to itself', () => {
    expect(all('online', 'a OR b')).toBe('online (a OR b)')
    expect(all('', '*', 'late')).toBe('late')
    expect(all(equals('model', 'VVX 411'), equals('softwareVersion', '1.2'))).toBe('model = "VVX 411" softwareVersion = 1.2')
  })
})

describe('words of a search', () => {
  it.each([['SN12 hall', 'SN12 hall'], ['81:7b', '"81:7b"'], ['00:15:65:AA:bb:01', '00:15:65:AA:bb:01'], ['or -x', '"or" "-x"'], ['  ', '']])(
    'are not taken for a filter: %s', (text, want) => expect(wordsIn(text)).toBe(want),
  )
})

describe('the address of a page', () => {
  it('gives texts, whatever the router made of them', () => {
    expect(textsOf({ filter: 5, tab: 'causes', other: true, thing: { a: 1 } }, ['filter', 'tab', 'thing', 'absent'])).toEqual({ filter: '5', tab: 'causes', thing: '{"a":1}', absent: '' })
  })

  it('loses what becomes empty and keeps the rest', () => {
    expect(changedSearch({ tab: 'x', filter: 'y' }, { tab: '', state: 'failed' })).toEqual({ filter: 'y', state: 'failed' })
  })

  it('holds several words in one parameter', () => {
    expect(wordsOf('failed,expired')).toEqual(['failed', 'expired'])
    expect(wordsOf('')).toEqual([])
  })
})
