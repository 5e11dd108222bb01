import { describe, expect, it } from 'vitest'
import { expiryOf, standing } from './expiry'

const now = Date.parse('2026-03-01T12:00:00Z')

describe('the expiry of a token', () => {
  it('counts days from now', () => {
    expect(expiryOf('30', '', now)).toBe('2026-03-31T12:00:00.000Z')
  })

  it('is none for never', () => {
    expect(expiryOf('never', '', now)).toBeUndefined()
  })

  it('is the end of the day that was chosen', () => {
    expect(expiryOf('date', '2026-03-05', now)).toBe(new Date('2026-03-05T23:59:59').toISOString())
  })

  it('cannot be in the past or no date', () => {
    expect(expiryOf('date', '2026-02-01', now)).toBeNull()
    expect(expiryOf('date', '', now)).toBeNull()
  })
})

describe('the standing of a token', () => {
  it.each([
    [null, 'valid'], ['2026-03-01T11:59:59Z', 'expired'], ['2026-03-07T12:00:00Z', 'soon'], ['2026-03-09T12:00:00Z', 'valid'],
  ] as const)('that expires %s is %s', (expires, wanted) => {
    expect(standing(expires, now)).toBe(wanted)
  })
})
