import { describe, expect, it } from 'vitest'
import { placeOf } from './place'

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
