import { describe, expect, it } from 'vitest'
import type { QuirkProfile } from '@/api/types'
import { bodyOf, copyID, faultsOf, formOf, isProfileID } from './form'
import { hintsFor } from './hints'

const profile: QuirkProfile = {
  id: 'acme-values', builtIn: true, replaces: false, name: 'Few names', why: 'seen', disabled: false, priority: 0, devices: { manufacturer: '*acme*' },
  behaviour: { getParameterValuesNames: 16 }, revision: 0,
}

describe('the form of a profile', () => {
  it('gives back what the profile says', () => {
    expect(bodyOf(formOf(profile))).toEqual({ body: { name: 'Few names', why: 'seen', devices: { manufacturer: '*acme*' }, behaviour: { getParameterValuesNames: 16 } } })
  })
  it('says only what is not the default', () => {
    expect(bodyOf({ ...formOf(), name: ' n ', oui: ' 00156D ', priority: '', behaviour: '' })).toEqual({ body: { name: 'n', devices: { oui: '00156D' }, behaviour: {} } })
    expect(bodyOf({ ...formOf(profile), disabled: true, priority: 5 })).toMatchObject({ body: { disabled: true, priority: 5 } })
  })
  it.each(['{"a": ', '[]', 'null', '3'])('cannot be sent with %s as behaviour', (behaviour) => expect(bodyOf({ ...formOf(profile), behaviour })).toHaveProperty('wrong'))
})

it.each([['a', true], ['acme-values', true], ['', false], ['Acme', false], ['a_b', false], ['a'.repeat(64), true], ['a'.repeat(65), false]])('The id %j can be: %s', (id, want) => {
  expect(isProfileID(id)).toBe(want)
})

it('A copy has an id that is free and not too long', () => {
  expect(copyID('a', [])).toBe('a-copy')
  expect(copyID('a', ['a-copy', 'a-copy-2'])).toBe('a-copy-3')
  expect(isProfileID(copyID('x'.repeat(64), []))).toBe(true)
})

it('Faults of the behaviour are told with their lines', () => {
  const text = '{\n  "lacks": [],\n  "busyFaults": [1]\n}'
  expect(faultsOf([
    { location: 'body.behaviour.busyFaults[0]', message: 'must be a fault code' }, { location: 'body.behaviour', message: 'unexpected property' }, { location: 'body.name', message: 'is required' },
  ], text)).toEqual([{ field: 'busyFaults[0]', line: 3, message: 'must be a fault code' }, { field: '', message: 'unexpected property' }])
})

describe('the proposals for a behaviour', () => {
  it('are its fields, with a value to begin with', () => {
    const hints = hintsFor({ wants: 'name', property: '', depth: 1 })
    expect(hints.find(({ label }) => label === 'levelByLevel')?.apply).toBe('"levelByLevel": true')
    expect(() => JSON.parse(`{${hints.filter(({ detail }) => detail !== 'number').map(({ apply }) => apply).join(',')}}`) as unknown).not.toThrow()
  })
  it('are the values where there are few', () => {
    expect(hintsFor({ wants: 'value', property: 'levelByLevel', depth: 1 }).map(({ label }) => label)).toEqual(['true', 'false'])
    expect(hintsFor({ wants: 'value', property: 'Device.*', depth: 2 }).map(({ label }) => label)).toContain('"xsd:unsignedInt"')
    expect(hintsFor({ wants: 'value', property: 'lacks', depth: 1 })).toEqual([])
  })
})
