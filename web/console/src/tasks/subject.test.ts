import { describe, expect, it } from 'vitest'
import { pathsOf, subjectOf } from './subject'

describe('the subject of a task', () => {
  it.each([
    [{ path: 'Device.' }, { text: 'Device.', more: 0 }],
    [{ objectName: 'Device.A.1.' }, { text: 'Device.A.1.', more: 0 }],
    [{ file: 'a.rom', fileType: '1 Firmware Upgrade Image' }, { text: 'a.rom', more: 0 }],
    [{ paths: ['A', 'B', 'C'] }, { text: 'A', more: 2 }],
    [{ parameters: [{ path: 'A', value: null, secret: true }, { path: 'B', value: 1 }] }, { text: 'A', more: 1 }],
    [{ path: '' }, undefined],
    [{}, undefined],
  ])('of %j is %j', (args, want) => {
    expect(subjectOf({ args })).toEqual(want)
  })

  it('leaves out what is no path', () => {
    expect(pathsOf({ parameters: [null, { value: 'x' }, 7, { path: 'A' }] })).toEqual(['A'])
  })
})
