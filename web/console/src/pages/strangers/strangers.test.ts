import { describe, expect, it } from 'vitest'
import { adoptionOf, formOf, strangerName } from './adoption'

const told = { mac: '00:15:65:11:22:33', model: 'SIP-T46S', serialNumber: '', address: '10.0.0.9' }

describe('an adoption', () => {
  it('begins with what the phone told, and does not say it again', () => {
    expect(formOf(told)).toEqual({ mac: told.mac, model: 'SIP-T46S', group: '', line: '' })
    expect(adoptionOf(formOf(told), told)).toEqual({})
    expect(adoptionOf({ ...formOf(told), group: ' acme ', line: '201' }, told)).toEqual({ group: 'acme', line: '201' })
  })
  it('says what the phone did not tell, or told otherwise', () => {
    expect(adoptionOf({ mac: ' 001565000001 ', model: 'SIP-T48S', group: '', line: '' }, { mac: '', model: 'SIP-T46S' })).toEqual({ mac: '001565000001', model: 'SIP-T48S' })
  })
})

it('A phone that is not known is called by what it told', () => {
  expect(strangerName(told)).toBe('SIP-T46S 00:15:65:11:22:33')
  expect(strangerName({ ...told, mac: '', model: '' })).toBe('10.0.0.9')
})
