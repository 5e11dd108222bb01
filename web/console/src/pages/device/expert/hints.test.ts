import { describe, expect, it } from 'vitest'
import { hintsFor, placeOf } from './hints'

describe('the place in JSON', () => {
  it.each([
    ['{ ', { wants: 'name', property: '', depth: 1 }],
    ['{"path": ', { wants: 'value', property: 'path', depth: 1 }],
    ['{"path": "A.{", ', { wants: 'name', property: '', depth: 1 }],
    ['{"paths": [', { wants: 'value', property: 'paths', depth: 1 }],
    ['{"paths": ["A", ', { wants: 'value', property: 'paths', depth: 1 }],
    ['{"parameters": [{"path": "a\\"b", ', { wants: 'name', property: 'parameters', depth: 2 }],
    ['{"parameters": [{"type": ', { wants: 'value', property: 'type', depth: 2 }],
    ['{"path": "half', undefined],
    ['', undefined],
  ])('%s is %j', (before, want) => {
    expect(placeOf(before)).toEqual(want)
  })
})

describe('the proposals', () => {
  const labels = (...args: Parameters<typeof hintsFor>) => hintsFor(...args).map((h) => h.label)
  it('are the arguments of the kind, and what every task may have', () => {
    expect(labels('refresh', { wants: 'name', property: '', depth: 1 }, [])).toEqual(['path', 'priority', 'notBefore', 'expires', 'after', 'uniqueKey'])
    expect(labels('setParameterAttributes', { wants: 'name', property: 'parameters', depth: 2 }, [])).toEqual(['path', 'notification', 'accessList'])
  })
  it('are known paths, quoted, where a path goes', () => {
    expect(hintsFor('refresh', { wants: 'value', property: 'path', depth: 1 }, ['Device.'])).toEqual([{ label: 'Device.', apply: '"Device."' }])
  })
  it('are values where there are few', () => {
    expect(labels('getParameterNames', { wants: 'value', property: 'nextLevel', depth: 1 }, [])).toEqual(['true', 'false'])
    expect(labels('setParameterValues', { wants: 'value', property: 'type', depth: 2 }, [])).toContain('xsd:boolean')
  })
})
