import { describe, expect, it } from 'vitest'
import type { ConvergenceDifference } from '@/api/types'
import { deedsOf, isChoosable, kindName } from './choice'

function difference(path: string, change: Partial<ConvergenceDifference>): ConvergenceDifference {
  return { path, setting: 'account.1.registrar', also: [], kind: 'drifted', wanted: 'a', has: 'b', secret: false, since: '2031-01-01T00:00:00Z', reason: '', code: 0, tries: 0, adoptable: false, restoring: false, ...change }
}

describe('what can be done about differences', () => {
  const drifted = difference('drifted', { adoptable: true })
  const kept = difference('kept', { kind: 'kept', adoptable: true })
  const refused = difference('refused', { kind: 'refused' })
  const restoring = difference('restoring', { restoring: true })
  const all = [drifted, kept, refused, restoring]

  it('is to set back what drifted, and to adopt what has a setting', () => {
    const { restorable, adoptable } = deedsOf(all, new Set(all.map(({ path }) => path)))
    expect(restorable).toEqual([drifted])
    expect(adoptable).toEqual([drifted, kept])
  })

  it('is nothing for what was not chosen', () => {
    expect(deedsOf(all, new Set())).toEqual({ restorable: [], adoptable: [] })
  })

  it('is nothing where the phone refuses, or where it was asked for already', () => {
    expect(all.filter(isChoosable)).toEqual([drifted, kept])
  })
})

it('A kind of difference that is not known has a text, too', () => {
  expect([kindName('later'), kindName('strange')]).toEqual(['later', 'other'])
})
