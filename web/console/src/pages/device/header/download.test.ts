import { describe, expect, it } from 'vitest'
import { downloadBody, fits } from './download'

describe('a file', () => {
  const device = { oui: '00156A', productClass: 'T46' }
  it.each([
    ['that says nothing', { oui: '', productClass: '' }, true],
    ['of the same maker, in small letters', { oui: '00156a', productClass: '' }, true],
    ['of another model', { oui: '00156A', productClass: 'T48' }, false],
    ['of another maker', { oui: '00562B', productClass: 'T46' }, false],
  ])('%s fits: %s', (_, file, want) => {
    expect(fits(file, device)).toBe(want)
  })
})

describe('the task of a download', () => {
  const file = { name: 'a.rom', type: '1 Firmware Upgrade Image' }
  it('names only what differs from the file', () => {
    expect(downloadBody(file, { fileType: file.type, targetFileName: ' ', delaySeconds: '' })).toEqual({ kind: 'download', file: 'a.rom' })
  })
  it('names what was chosen', () => {
    expect(downloadBody(file, { fileType: 'X 00156A Logo', targetFileName: 'b.rom', delaySeconds: 60 }))
      .toEqual({ kind: 'download', file: 'a.rom', fileType: 'X 00156A Logo', targetFileName: 'b.rom', delaySeconds: 60 })
  })
})
