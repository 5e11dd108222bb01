import { describe, expect, it } from 'vitest'
import { emptyPhone, fieldOf, isMAC, newPhoneOf, settingsOf } from './form'

const mac = '00:15:65:11:22:33'

it.each([[mac, true], ['001565112233', true], ['0015.6511.2233', true], ['00-15-65-11-22-33', true], ['00156511223', false], ['', false], ['zz:15:65:11:22:33', false]])('%j is a MAC address: %s', (text, want) => {
  expect(isMAC(text)).toBe(want)
})

describe('a new phone', () => {
  it('takes its account from a line, with a name of its own if one is said', () => {
    expect(newPhoneOf({ ...emptyPhone, mac: ` ${mac} `, model: 'SIP-T46S', group: ' acme ', line: '201' })).toEqual({ mac, model: 'SIP-T46S', group: 'acme', line: '201' })
    expect(newPhoneOf({ ...emptyPhone, mac, line: '201', displayName: 'Door' })).toEqual({ mac, line: '201', settings: [{ path: 'account.1.displayName', value: 'Door' }] })
  })
  it('takes a user and a password, and no line that was chosen before', () => {
    expect(newPhoneOf({ ...emptyPhone, mac, takes: 'account', line: '201', user: ' anna ', password: ' kept as it is ' })).toEqual({
      mac, settings: [{ path: 'account.1.user', value: 'anna' }, { path: 'account.1.password', value: ' kept as it is ' }],
    })
  })
  it('takes nothing of what was written for another way', () => {
    expect(newPhoneOf({ ...emptyPhone, mac, takes: 'nothing', line: '201', user: 'anna', password: 'x', displayName: 'Anna' })).toEqual({ mac })
  })
})

describe('what the server says is wrong', () => {
  const settings = settingsOf({ takes: 'account', user: 'anna', password: 'x', displayName: 'Anna' })
  it.each([
    ['body.mac', 'mac'], ['body.line', 'line'], ['body.settings[0].value', 'user'], ['body.settings[1]', 'password'], ['body.settings[2].value', 'displayName'], ['body.settings[9]', undefined], ['body.tags', undefined],
  ])('at %s belongs to the field %s', (location, want) => expect(fieldOf(location, settings)).toBe(want))
})
