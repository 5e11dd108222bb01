import { describe, expect, it } from 'vitest'
import de from '@/text/messages/de/task.json'
import en from '@/text/messages/en/task.json'
import { faultAt, faultName, knownCodes, knownReasons } from './faults'

describe('the explanation of a fault', () => {
  it.each([
    [{ code: 9005 }, '9005'],
    [{ code: 9032 }, '9032'],
    [{ code: 9033 }, 'unknown'],
    [{ code: 9812 }, 'vendor'],
    [{ code: 0, reason: 'sessionLost' }, 'sessionLost'],
    [{ code: 9002, reason: 'invalidResponse' }, 'invalidResponse'],
    [{ code: 0, reason: 'somethingNew' }, 'unknown'],
    [{ code: 0 }, 'unknown'],
  ])('of %j is %s', (fault, want) => {
    expect(faultName(fault)).toBe(want)
  })

  it('exists in every language for every fault that can be', () => {
    for (const texts of [en.fault, de.fault] as Record<string, { meaning: string; try: string }>[]) {
      for (const name of [...knownCodes.map(String), ...knownReasons, 'vendor', 'unknown']) {
        expect([name, texts[name]?.meaning, texts[name]?.try]).toEqual([name, expect.any(String), expect.any(String)])
      }
    }
  })

  it('of one parameter is found by its path', () => {
    const fault = { code: 9003, string: '', parameters: [{ path: 'A.B', code: 9007, string: 'too long' }] }
    expect(faultAt(fault, 'A.B')?.code).toBe(9007)
    expect(faultAt(fault, 'A.C')).toBeUndefined()
    expect(faultAt(null, 'A.B')).toBeUndefined()
  })
})
