import { describe, expect, it } from 'vitest'
import { above, join, parentOf, segmentFault, segmentOf } from './paths'

describe('paths of groups', () => {
  it('know what is above them', () => {
    expect(parentOf('acme/south/site')).toBe('acme/south')
    expect(parentOf('acme')).toBe('')
    expect(above('acme/south/site')).toEqual(['acme', 'acme/south'])
    expect(above('acme')).toEqual([])
    expect(join('', 'acme')).toBe('acme')
    expect(join('acme', 'south')).toBe('acme/south')
  })
})

describe('the name that a title gives', () => {
  it.each([
    ['Müller & Söhne', 'mueller-soehne'], ['Café Zürich', 'cafe-zuerich'], ['  Site 1 / North ', 'site-1-north'], ['v2.1_x', 'v2.1_x'], ['&&&', ''], ['日本', '日本'],
  ])('of %s is %s', (title, wanted) => {
    expect(segmentOf(title)).toBe(wanted)
  })

  it('is not too long and does not end with a hyphen', () => {
    expect(segmentOf(`${'a'.repeat(63)} b`)).toBe('a'.repeat(63))
  })
})

describe('a name', () => {
  it.each([
    ['', 'empty'], ['a/b', 'slash'], [' a', 'space'], ['a\u0007', 'space'], ['a'.repeat(65), 'long'], ['a b', undefined],
  ] as const)('%j has the fault %s', (segment, fault) => {
    expect(segmentFault(segment, 'acme')).toBe(fault)
  })

  it('is too deep below many', () => {
    expect(segmentFault('a', Array(16).fill('a').join('/'))).toBe('long')
  })
})
