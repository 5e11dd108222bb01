import { describe, expect, it } from 'vitest'
import { clock, duration, local, relative, utc, waiting } from './format'

const at = new Date('2026-03-01T23:30:05Z')

describe('relative', () => {
  it.each([
    [0, 'now'], [59_999, 'now'], [60_000, '1 minute ago'], [-5 * 60_000, 'in 5 minutes'], [2 * 3_600_000 + 1, '2 hours ago'],
    [86_400_000, 'yesterday'], [8 * 86_400_000, 'last week'], [400 * 86_400_000, 'last year'],
  ])('%d ms later reads "%s"', (later, text) => {
    expect(relative(at, at.getTime() + later, 'en')).toBe(text)
  })

  it('speaks the language of the viewer', () => {
    expect(relative(at, at.getTime() + 180_000, 'de')).toBe('vor 3 Minuten')
  })
})

it('A local time is in the zone of the viewer', () => {
  expect(local(at, 'de', 'Europe/Berlin')).toBe('02.03.2026, 00:30:05')
  expect(local(at, 'de', 'America/New_York')).toBe('01.03.2026, 18:30:05')
})

it('A time of day is in the zone of the viewer, to the millisecond', () => {
  expect(clock(new Date('2026-03-01T23:30:05.25Z'), 'de', 'Europe/Berlin')).toBe('00:30:05,250')
  expect(clock(at, 'en', 'UTC')).toBe('23:30:05.000')
})

it('The exact time is in UTC, with what there is of a second', () => {
  expect(utc(at)).toBe('2026-03-01 23:30:05 UTC')
  expect(utc(new Date('2026-03-01T23:30:05.25Z'))).toBe('2026-03-01 23:30:05.250 UTC')
})

it.each([[250, '250 ms'], [2400, '2.4 sec'], [65_000, '1 min'], [3_900_000, '1 hr 5 min'], [90_000_000, '1 day 1 hr']])('%d ms last "%s"', (span, text) => {
  expect(duration(span, 'en')).toBe(text)
})

it.each([[5, '5 sec'], [60, '1 min'], [897, '15 min'], [3601, '1 hr 1 min']])('Who has to wait %d s is told "%s"', (seconds, text) => {
  expect(waiting(seconds, 'en')).toBe(text)
})
