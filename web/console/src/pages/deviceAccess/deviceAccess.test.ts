import { describe, expect, it } from 'vitest'
import { ProblemError } from '@/api/problem'
import type { AccessRule } from '@/api/types'
import { credentialOf, credentialValuesOf, errorsOf, idOf, isID, ruleOf, valuesOf } from './form'
import { hiddenBy, inOrder, isOpen } from './order'
import { durationOf, spanOf } from './span'

function rule(id: string, some: Partial<AccessRule> = {}): AccessRule {
  return { id, name: id, builtIn: id === '', enabled: true, methods: ['digest'], revision: 1, ...some }
}
const options = rule('', { methods: ['none'] })

describe('the rules', () => {
  it('stand in the order in which they count', () => {
    const rules = [rule('b'), rule('z', { priority: 5 }), options, rule('low', { priority: -3 }), rule('a', { priority: 0 }), rule('Z')]
    expect(inOrder(rules).map(({ id }) => id)).toEqual(['z', 'Z', 'a', 'b', 'low', ''])
  })

  it.each([
    ['nothing', [], true],
    ['a rule for some', [rule('a', { filter: 'oui = "000E08"' })], true],
    ['a rule for one listener', [rule('a', { listeners: ['cwmp-legacy'] })], true],
    ['a rule for all that is disabled', [rule('a', { enabled: false })], true],
    ['a rule for all', [rule('a', { listeners: [] })], false],
  ])('leave the door open with %s before the options', (_, before, open) => {
    const rules = [...before, options]
    expect(isOpen(rules)).toBe(open)
    expect(hiddenBy(rules, options)?.id).toBe(open ? undefined : 'a')
  })

  it('do not leave it open if the options ask for a proof', () => expect(isOpen([rule('', { methods: ['digest'] })])).toBe(false))

  it('are not hidden by those behind them, nor by themselves', () => {
    const rules = [rule('some', { filter: 'vip' }), rule('all'), rule('after')]
    expect(rules.map((r) => hiddenBy(rules, r)?.id)).toEqual([undefined, undefined, 'all'])
  })
})

describe('the form of a rule', () => {
  it('gives back what it was given', () => {
    const cisco = rule('cisco', {
      priority: 7, filter: 'vip', listeners: ['cwmp'], methods: ['digest', 'certificate'], unknown: 'accept', rebootstrap: 'refuse', rotate: true, rotateAfter: '2160h0m0s',
      basicWithoutTLS: false, identity: { serialNumber: '{L}', generic: ['x'] },
    })
    expect(ruleOf(valuesOf(cisco))).toEqual({
      name: 'cisco', priority: 7, enabled: true, filter: 'vip', listeners: ['cwmp'], methods: ['digest', 'certificate'], unknown: 'accept', rebootstrap: 'refuse', rotate: true,
      rotateAfter: '2160h', basicWithoutTLS: false, identity: { serialNumber: '{L}', generic: ['x'] },
    })
  })

  it('leaves out what the methods have no use for', () => {
    const values = { ...valuesOf(), name: ' all ', methods: ['none' as const], basicWithoutTLS: true, rotate: true, renewAmount: 3, serialNumber: '{L}' }
    expect(ruleOf(values)).toEqual({ name: 'all', priority: 0, enabled: true, methods: ['none'], basicWithoutTLS: false, unknown: 'quarantine', rebootstrap: 'quarantine', rotate: false })
  })

  it('shows every refusal at its field, but that of the filter', () => {
    const at = (location: string) => ({ location, message: location })
    const problem = new ProblemError('invalid', 422, '', ['path.id', 'body.methods[1]', 'body.identity', 'body.identity.mac', 'body.rotateAfter', 'body.filter'].map(at))
    expect(errorsOf(problem)).toEqual({ id: 'path.id', methods: 'body.methods[1]', serialNumber: 'body.identity', mac: 'body.identity.mac', renewAmount: 'body.rotateAfter' })
  })

  it.each([['Cisco in the branches', 'cisco-in-the-branches'], ['Räume (Nord)!', 'raume-nord'], ['–', ''], ['x'.repeat(80), 'x'.repeat(64)]])('makes of the name %j the ID %j', (name, id) => expect(idOf(name)).toBe(id))

  it.each([['a-1', true], ['', false], ['A', false], ['a b', false], ['x'.repeat(65), false]])('takes the ID %j: %j', (id, good) => expect(isID(id)).toBe(good))
})

describe('a length of time', () => {
  it.each([
    ['2160h0m0s', { amount: 90, unit: 'days' }, '2160h'], ['36h0m0s', { amount: 36, unit: 'hours' }, '36h'], ['1h30m0s', { amount: 1.5, unit: 'hours' }, '5400s'],
    ['', { amount: '', unit: 'days' }, ''], ['24h', { amount: 1, unit: 'days' }, '24h'],
  ] as const)('%j is %j, and written %j', (text, span, written) => {
    expect(spanOf(text)).toEqual(span)
    expect(durationOf(span)).toBe(written)
  })
})

describe('the form of a shared credential', () => {
  const shared = { id: 'maker', name: '', username: 'phone', password: null, secret: true, enabled: true, rule: 'cisco', listeners: [], filter: '', revision: 2 }
  it('leaves an empty password out, so that the present one stays', () => {
    expect(credentialOf(credentialValuesOf(shared))).toEqual({ username: 'phone', enabled: true, rule: 'cisco', listeners: [] })
  })
  it('sends a password as it was typed', () => {
    expect(credentialOf({ ...credentialValuesOf(shared), password: ' p ' }).password).toBe(' p ')
  })
})
