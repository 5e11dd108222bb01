import { describe, expect, it } from 'vitest'
import { affected } from './affected'
import { withDraft } from './drafts'
import { ancestorsOf, commonBranch, isInstance, nameOf, parentOf } from './paths'
import { stateAt } from './sent'

describe('a path', () => {
  it.each([
    ['A.B.C', 'A.B.', 'C'],
    ['A.B.1.', 'A.B.', '1'],
    ['A.', '', 'A'],
    ['A', '', 'A'],
  ])('%s is in %j and called %s', (path, parent, name) => {
    expect([parentOf(path), nameOf(path)]).toEqual([parent, name])
  })

  it('knows the objects above it', () => {
    expect(ancestorsOf('A.B.1.C')).toEqual(['A.', 'A.B.', 'A.B.1.'])
    expect(ancestorsOf('A.B.')).toEqual(['A.'])
    expect(ancestorsOf('A')).toEqual([])
  })

  it('is an instance if its last part is a number', () => {
    expect([isInstance('A.1.'), isInstance('A.B1.'), isInstance('A.1')]).toEqual([true, false, false])
  })

  it('shares the longest object with others', () => {
    expect(commonBranch(['A.B.C', 'A.B.D.E'])).toBe('A.B.')
    expect(commonBranch(['A.B.C', 'A.BC'])).toBe('A.')
    expect(commonBranch(['A.B', 'C.D'])).toBe('')
  })
})

describe('what a task touches', () => {
  it.each([
    ['refresh', { path: 'A.' }, ['A.']],
    ['setParameterValues', { parameters: [{ path: 'A.B', value: '1' }, { path: 'A.C', value: '2' }] }, ['A.B', 'A.C']],
    ['setParameterValues', { parameters: Array.from({ length: 30 }, (_, i) => ({ path: `A.B.p${i}` })) }, ['A.B.']],
    ['addObject', { objectName: 'A.T.' }, ['A.T.']],
    ['deleteObject', { objectName: 'A.T.3.' }, ['A.T.']],
    ['reboot', {}, []],
  ] as const)('by %s of %j is %j', (kind, args, want) => {
    expect(affected({ kind, args })).toEqual(want)
  })
})

describe('a draft', () => {
  const draft = { path: 'A', value: 'new', old: 'old', secret: false }
  it('is none if the value is what it was', () => {
    const drafts = withDraft(new Map(), draft)
    expect([...drafts.keys()]).toEqual(['A'])
    expect(withDraft(drafts, { ...draft, value: 'old' }).size).toBe(0)
  })
  it('of a secret stays, as nobody knows what is there', () => {
    expect(withDraft(new Map(), { path: 'P', value: '', old: null, secret: true }).size).toBe(1)
  })
})

describe('a value that was sent', () => {
  const task = { state: 'succeeded', result: { status: 0 }, fault: null } as const
  it('is pending until its task ended', () => {
    expect(stateAt('t', undefined, 'A').state).toBe('pending')
    expect(stateAt('t', { ...task, state: 'running' }, 'A').state).toBe('pending')
  })
  it('is taken, perhaps for later', () => {
    expect(stateAt('t', task, 'A')).toEqual({ state: 'taken', task: 't', later: false })
    expect(stateAt('t', { ...task, result: { status: 1 } }, 'A')).toMatchObject({ later: true })
  })
  it('is refused with its own fault, if it has one', () => {
    const fault = { code: 9003, string: 'invalid', parameters: [{ path: 'A', code: 9007, string: 'too long' }] }
    expect(stateAt('t', { ...task, state: 'failed', fault }, 'A')).toMatchObject({ state: 'refused', own: { code: 9007 } })
    expect(stateAt('t', { ...task, state: 'failed', fault }, 'B')).toMatchObject({ state: 'refused', own: undefined, fault })
  })
})
