import { describe, expect, it } from 'vitest'
import { patchOf } from './patch'

describe('the patch of a device', () => {
  const device = { tags: ['lobby', 'vip'], group: 'acme', model: 'T46', mac: '00:15:65:aa:bb:01' }
  it('is empty if nothing was changed but the order of the tags', () => {
    expect(patchOf(device, { ...device, tags: ['vip', 'lobby'], group: ' acme ' })).toEqual({})
  })
  it('has what was changed, once and without spaces', () => {
    expect(patchOf(device, { ...device, tags: ['lobby', ' new', 'new'], mac: '00:15:65:aa:bb:02' })).toEqual({ tags: ['lobby', 'new'], mac: '00:15:65:aa:bb:02' })
  })
  it('removes what was emptied', () => {
    expect(patchOf(device, { tags: [], group: '', model: '', mac: '' })).toEqual({ tags: [], group: null, model: null, mac: null })
  })
})
