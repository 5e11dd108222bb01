import { describe, expect, it } from 'vitest'
import { faultOf, otherFaults } from './desk'
import { kindsOf } from './difference'
import { blank, entriesFor, keyOf, patchOf, withChange, withoutChange, type Draft } from './draft'
import { columnsOf, nextIndexes } from './family'
import { inheritedFrom, lockAbove } from './inherit'
import type { Catalogue, Entry, Level, Setting } from './model'
import { covers, familiesOf, indexesIn, instancesOf, pathFor, settingOf, vendorSetting } from './paths'
import { sectionsOf } from './layout'

const setting = (path: string, given: Partial<Setting> = {}): Setting => ({
  path, type: 'text', title: path, help: '', unit: '', default: null, choices: [], min: null, max: null, pattern: '', secret: false, endUser: false, deprecated: false,
  indexes: ['M', 'N'].filter((letter) => path.split('.').includes(letter)).map((letter) => ({ letter, from: 1, to: 100 })), ...given,
})
const user = setting('account.N.user')
const password = setting('account.N.password', { type: 'secret', secret: true })
const module = setting('expansion.M.model')
const moduleKey = setting('expansion.M.key.N.type', { endUser: true })
const zone = setting('time.zone', { title: 'Time zone' })
const old = setting('time.old', { deprecated: true })
const catalogue: Catalogue = {
  version: 1,
  groups: [
    { name: 'account', title: 'Accounts', help: '', settings: [user, password] },
    { name: 'expansion', title: 'Expansion modules', help: '', settings: [module, moduleKey] },
    { name: 'time', title: 'Time', help: '', settings: [zone, old] },
  ],
}
const entry = (path: string, value: unknown, given: Partial<Entry> = {}): Entry => ({ ...blank(path), value, ...given })
const level = (kind: Level['level']['kind'], id: string, ...settings: Entry[]): Level => ({ level: { kind, ...(id && { id }) }, settings, revision: 1, updatedAt: null, updatedBy: '' })

describe('paths of settings', () => {
  it('belong to the setting of the catalogue whose indexes they fill', () => {
    expect(settingOf(catalogue, 'account.3.user')).toBe(user)
    expect(settingOf(catalogue, 'expansion.*.key.12.type')).toBe(moduleKey)
    expect(settingOf(catalogue, 'account.x.user')).toBeUndefined()
    expect(settingOf(catalogue, 'vendor.yealink.a')).toBeUndefined()
    expect(indexesIn('expansion.2.key.*.type', moduleKey.path, moduleKey.indexes)).toEqual(['2', '*'])
    expect(pathFor(moduleKey.path, moduleKey.indexes, ['2', '*'])).toBe('expansion.2.key.*.type')
  })

  it('make a family for each kind of index', () => {
    const { single, families } = familiesOf([user, password, zone, module, moduleKey])
    expect(single).toEqual([zone])
    expect(families.map(({ prefix, settings }) => [prefix, settings.length])).toEqual([['account.N', 2], ['expansion.M', 1], ['expansion.M.key.N', 1]])
  })

  it('name the instances, that for every index first and the rest by number', () => {
    const [accounts] = familiesOf([user, password]).families
    expect(instancesOf(accounts!, ['account.10.user', 'account.2.password', 'account.*.user', 'account.2.user', 'time.zone'])).toEqual([['*'], ['2'], ['10']])
  })

  it.each([['account.*.user', 'account.1.user', true], ['account.*.user', 'account.*.user', true], ['account.1.user', 'account.*.user', false], ['account.*.user', 'account.1', false], ['time.*', 'time.zone', false]])(
    '%s names %s: %s', (pattern, path, want) => expect(covers(pattern, path)).toBe(want),
  )

  it('of one vendor hide what is typed where the name is that of a secret', () => {
    expect(vendorSetting('vendor.snom.user_pass').secret).toBe(true)
    expect(vendorSetting('vendor.snom.compass').secret).toBe(false)
    expect(vendorSetting('vendor.snom.http_password1').type).toBe('secret')
  })
})

describe('the next number', () => {
  it('is after the greatest, and within the greatest of the module', () => {
    const [accounts] = familiesOf([user]).families
    expect(nextIndexes(accounts!, [])).toEqual(['1'])
    expect(nextIndexes(accounts!, [['*'], ['1'], ['4']])).toEqual(['5'])
    const [keys] = familiesOf([moduleKey]).families
    expect(nextIndexes(keys!, [])).toEqual(['1', '1'])
    expect(nextIndexes(keys!, [['1', '9'], ['2', '3']])).toEqual(['2', '4'])
  })
})

it('A table of a large family has the columns that anything is said of', () => {
  const many = familiesOf('abcdefgh'.split('').map((leaf) => setting(`account.N.${leaf}`))).families[0]!
  expect(columnsOf(many, ['account.1.h', 'account.*.b']).map(({ path }) => path)).toEqual(['account.N.b', 'account.N.h'])
  expect(columnsOf(many, [])).toHaveLength(6)
})

describe('a draft', () => {
  const stored = [entry('account.1.user', '201'), entry('account.1.password', null, { secret: true }), entry('time.zone', 'UTC', { locked: true })]
  const put = (given: Entry, how: { gone?: boolean; given?: boolean } = {}, draft: Draft = new Map()) => withChange(draft, stored, { entry: given, gone: how.gone ?? false, given: how.given ?? true })

  it('sets what is new and another than before', () => {
    expect(patchOf(put(entry('account.1.user', '202')))).toEqual({ set: [{ path: 'account.1.user', value: '202' }], unset: [] })
    expect(patchOf(put(entry('network.lldp', false)))).toEqual({ set: [{ path: 'network.lldp', value: false }], unset: [] })
  })

  it('is empty again once everything is as it was', () => {
    expect(put(entry('account.1.user', '201'), {}, put(entry('account.1.user', '202'))).size).toBe(0)
    expect(put(entry('network.lldp', null), {}, put(entry('network.lldp', true))).size).toBe(0)
    expect(withoutChange(put(entry('network.lldp', true)), keyOf(blank('network.lldp'))).size).toBe(0)
  })

  it('takes out what is emptied', () => {
    for (const nothing of [null, '', []]) expect(patchOf(put(entry('account.1.user', nothing)))).toEqual({ set: [], unset: [{ path: 'account.1.user' }] })
    expect(patchOf(put(stored[1]!, { gone: true }))).toEqual({ set: [], unset: [{ path: 'account.1.password' }] })
  })

  it('locks a secret without knowing it, and unlocks', () => {
    expect(patchOf(put({ ...stored[1]!, locked: true }, { given: false }))).toEqual({ set: [{ path: 'account.1.password', locked: true }], unset: [] })
    expect(patchOf(put({ ...stored[2]!, locked: false }, { given: false }))).toEqual({ set: [{ path: 'time.zone' }], unset: [] })
  })

  it('has a secret generated, and takes a new one whatever the old one is', () => {
    expect(patchOf(put({ ...stored[1]!, generate: true }))).toEqual({ set: [{ path: 'account.1.password', generate: true }], unset: [] })
    expect(patchOf(put(entry('account.1.password', 'sesame')))).toEqual({ set: [{ path: 'account.1.password', value: 'sesame' }], unset: [] })
  })

  it('keeps values for some phones apart from that for all', () => {
    const some = entry('account.1.user', '299', { models: ['T46*'], filter: 'tag = lobby' })
    const draft = put(some)
    expect(patchOf(draft)).toEqual({ set: [{ path: 'account.1.user', value: '299', models: ['T46*'], filter: 'tag = lobby' }], unset: [] })
    expect(entriesFor(stored, draft, 'account.1.user').map(({ value, change }) => [value, change])).toEqual([['201', undefined], ['299', 'new']])
  })

  it('shows what is changed and what goes', () => {
    const draft = put(entry('time.zone', null), {}, put(entry('account.1.user', '202')))
    expect(entriesFor(stored, draft, 'account.1.user')).toMatchObject([{ value: '202', change: 'changed' }])
    expect(entriesFor(stored, draft, 'time.zone')).toMatchObject([{ value: 'UTC', change: 'gone' }])
  })
})

describe('what a group inherits', () => {
  const global = level('global', '', entry('time.zone', 'UTC'), entry('account.*.user', 'all'), entry('account.1.user', 'one'))
  const acme = level('group', 'acme', entry('time.zone', 'Europe/Berlin', { locked: true }), entry('account.2.user', 'some', { models: ['T46'] }))
  const south = level('group', 'acme/south', entry('time.zone', 'Asia/Tokyo'))

  it('is of the nearest level, unless one above it locked the setting', () => {
    expect(inheritedFrom([global], 'time.zone')).toMatchObject({ value: 'UTC', origin: { kind: 'global' } })
    expect(inheritedFrom([global, acme, south], 'time.zone')).toMatchObject({ value: 'Europe/Berlin', lockedBy: { kind: 'group', id: 'acme' } })
  })

  it('is that of the number itself before that of every number, and nothing that is for some phones only', () => {
    expect(inheritedFrom([global, acme], 'account.1.user')?.value).toBe('one')
    expect(inheritedFrom([global, acme], 'account.2.user')?.value).toBe('all')
    expect(inheritedFrom([global, acme], 'network.lldp')).toBeUndefined()
  })

  it('is locked for levels below the lock and not for the level that locked it', () => {
    const here = { lockedBy: { kind: 'group', id: 'acme' } } as const
    expect(lockAbove({ kind: 'device', id: 'd' }, here)).toEqual(here.lockedBy)
    expect(lockAbove({ kind: 'group', id: 'acme' }, here)).toBeUndefined()
    expect(lockAbove({ kind: 'device', id: 'd' }, { lockedBy: { kind: 'device', id: 'd' } })).toBeUndefined()
    expect(lockAbove({ kind: 'user', id: 'd' }, { lockedBy: { kind: 'device', id: 'd' } })).toEqual({ kind: 'device', id: 'd' })
    expect(lockAbove({ kind: 'device', id: 'd' }, undefined)).toBeUndefined()
  })
})

describe('the sections of the editor', () => {
  const declared = new Set(['account.1.user', 'account.2.user', 'vendor.snom.x'])
  const all = { search: '', declaredOnly: false, endUserOnly: false }
  const names = (wanted: Partial<typeof all>, paths = declared) => sectionsOf(catalogue, paths, { ...all, ...wanted }).map(({ name, declared: count }) => [name, count])

  it('count what is declared', () => expect(names({})).toEqual([['account', 2], ['expansion', 0], ['time', 0]]))
  it('are those with a setting that has every word', () => {
    expect(names({ search: 'zone TIME' })).toEqual([['time', 0]])
    expect(names({ search: 'nothing of that' })).toEqual([])
  })
  it('are those where something is declared', () => expect(names({ declaredOnly: true })).toEqual([['account', 2]]))
  it('are those that end users may set something of', () => expect(names({ endUserOnly: true })).toEqual([['expansion', 0]]))
  it('have settings that go out of use only where they are declared', () => {
    expect(sectionsOf(catalogue, new Set(), all).at(-1)?.single).toEqual([zone])
    expect(sectionsOf(catalogue, new Set(['time.old']), all).at(-1)?.single).toEqual([zone, old])
  })
})

it('What is wrong stands at the setting that it is about, and the rest beside', () => {
  const faults = [
    { location: 'body.set[account.1.port].value', message: 'must be a port' }, { location: 'body.set[account.1.port].filter', message: 'no such field' }, { location: 'body.set', message: 'too many' },
  ]
  expect(faultOf(faults, 'account.1.port')).toBe('must be a port; no such field')
  expect(faultOf(faults, 'account.1.user')).toBeUndefined()
  expect(otherFaults(faults, new Set(['account.1.port'])).map(({ message }) => message)).toEqual(['too many'])
  expect(otherFaults(faults, new Set())).toHaveLength(3)
})

it('The lines of a difference are told apart, also one that looks like the name of a file', () => {
  expect(kindsOf(['--- a.cfg', '+++ a.cfg', '@@ -1 +1 @@', ' same', '-old', '--- old', '+new', '+++ new'])).toEqual(['place', 'place', 'place', undefined, 'removed', 'removed', 'added', 'added'])
  expect(kindsOf(['+new', '-old'])).toEqual(['added', 'removed'])
})
