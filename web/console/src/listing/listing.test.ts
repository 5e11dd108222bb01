import { describe, expect, it } from 'vitest'
import { allOf, ofSubtree, oneOf, quoted } from './filters'
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
