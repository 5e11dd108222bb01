import { describe, expect, it } from 'vitest'
import { numbers } from './numbers'
import { stateAt } from './state'

describe('the state of a device', () => {
  const now = Date.parse('2026-03-01T12:00:00Z')
  const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString()

  it.each([
    ['never', null, 300], ['online', ago(0), 300], ['online', ago(660), 300], ['late', ago(661), 300], ['late', ago(660 + 3599), 300], ['offline', ago(660 + 3600), 300],
    ['online', ago(7260), 0], ['late', ago(7261), 0],
  ] as const)('is %s if it came at %s every %i seconds', (state, lastInform, informInterval) => {
    expect(stateAt({ lastInform, informInterval }, now)).toBe(state)
  })

  it('is online if the clock of the browser is behind', () => expect(stateAt({ lastInform: ago(-90), informInterval: 30 }, now)).toBe('online'))
})

describe('a share', () => {
  const { share, count } = numbers('en')
  it('is never nothing or all if it is not', () => {
    expect([share(0, 10), share(10, 10), share(1, 8), share(1, 100_000), share(99_999, 100_000), share(0, 0)]).toEqual(['0%', '100%', '12.5%', '0.1%', '99.9%', '0%'])
  })
  it('and a count are written as the language does', () => {
    expect(count(100_000)).toBe('100,000')
    expect(numbers('de').count(100_000)).toBe('100.000')
  })
})
