import { describe, expect, it } from 'vitest'
import { withKnownValues } from '@/devices/filter/fields'
import { hostOf, usualAddress } from './address'
import { differenceLines } from './difference'
import { linesFor } from './lines'
import { findModel, matchingModels, modelsOf } from './models'
import { resultOf } from './result'
import { progressOf, provisioningFilter } from './state'

const model = (name: string, aliases: string[] = [], lines = 4) => ({ name, title: name, aliases, lines, keys: 0, expansionModules: 0, expansionKeys: 0, expansionModels: [] })
const models = modelsOf([
  { name: 'snom', title: 'Snom', active: 'builtIn', modelList: [model('D785')] },
  { name: 'acme', title: 'Acme', active: '', modelList: [model('A1')] },
  { name: 'yealink', title: 'Yealink', active: 'v2', modelList: [model('SIP-T48S', ['T48S'], 16), model('SIP-T5S')] },
])

describe('the models that can be chosen', () => {
  it('are those of packs in force, by vendor and number', () => expect(models.map(({ name }) => name)).toEqual(['D785', 'SIP-T5S', 'SIP-T48S']))
  it.each([['t48', ['SIP-T48S']], ['sip t', ['SIP-T5S', 'SIP-T48S']], ['yealink', ['SIP-T5S', 'SIP-T48S']], ['', ['D785', 'SIP-T5S', 'SIP-T48S']], ['x', []]])('match %j: %j', (typed, want) => {
    expect(matchingModels(models, typed, 10).map(({ name }) => name)).toEqual(want)
  })
  it('are offered up to a number', () => expect(matchingModels(models, '', 2)).toHaveLength(2))
  it('are known by their names and aliases, and not by a part of them', () => {
    expect(findModel(models, ' t48s ')?.lines).toBe(16)
    expect(findModel(models, 'd785')?.pack).toBe('snom')
    expect(findModel(models, 'T48')).toBeUndefined()
    expect(findModel(models, 'A1')).toBeUndefined()
  })
})

describe('the lines that a device may be bound to', () => {
  const line = (group: string, number: string) => ({ group, number, displayName: '' })
  const lines = [line('', '9'), line('acme', '201'), line('acme/south', '201'), line('acme/south', '30'), line('acme/southwest', '5'), line('other', '7')]
  it('are those of its group and of groups above, the nearest first', () => {
    expect(linesFor('acme/south', lines).map(({ group, number }) => `${group}:${number}`)).toEqual(['acme/south:30', 'acme/south:201', ':9'])
    expect(linesFor('', lines).map(({ number }) => number)).toEqual(['9'])
  })
})

it.each([
  ['none', null, 'unserved'], ['pending', null, 'waiting'], ['pending', '2031-01-01T00:00:00Z', 'asked'], ['converged', '2031-01-01T00:00:00Z', 'holds'], ['failing', null, 'failing'], ['drifted', null, 'holds'],
] as const)('A phone that is %s and asked at %s is told as %s', (state, lastFetch, want) => {
  expect(progressOf({ state, lastFetch })).toBe(want)
})

it('The devices in a state are found by a filter', () => expect(provisioningFilter('pending')).toBe('provisioning = pending'))

it.each([
  [200, true, 'given'], [200, false, 'cut'], [206, true, 'given'], [304, false, 'unchanged'], [403, true, 'refused'], [404, true, 'unknownFile'], [503, false, 'failed'],
] as const)('An answer of %i, complete %s, is told as %s', (status, complete, want) => {
  expect(resultOf({ status, complete })).toBe(want)
})

it('The address of the files is that of this host at the usual port', () => {
  expect(usualAddress('acs.example')).toBe('http://acs.example:7567/')
  expect(usualAddress('2001:db8::1')).toBe('http://[2001:db8::1]:7567/')
  expect(hostOf('https://acs.example:8443/p/')).toBe('acs.example')
  expect(hostOf('no address')).toBe('')
})

it('A difference is told line by line, without the names of the files', () => {
  expect(differenceLines('--- a\n+++ b\n@@ -1,2 +1,2 @@\n same\n-old\n+new\n')).toEqual([
    { kind: 'place', text: '@@ -1,2 +1,2 @@' }, { kind: 'same', text: ' same' }, { kind: 'removed', text: '-old' }, { kind: 'added', text: '+new' },
  ])
})

it('The states are proposed in filters unless the server tells values itself', () => {
  const field = { name: 'provisioning', type: 'string' as const, orders: true, search: false }
  expect(withKnownValues([field, { ...field, name: 'pack' }]).map(({ values }) => values)).toEqual([['converged', 'pending', 'drifted', 'failing', 'none'], undefined])
  expect(withKnownValues([{ ...field, values: ['other'] }])[0]!.values).toEqual(['other'])
})
