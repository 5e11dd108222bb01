import { expect, it } from 'vitest'
import { returnTo } from './returnTo'

it.each([
  ['/devices?filter=a', '/devices?filter=a'], ['/', '/'], ['', '/'], ['https://example.org/', '/'], ['//example.org', '/'], ['/\\example.org', '/'],
  ['devices', '/'], ['javascript:alert(1)', '/'], ['/sign-in?returnTo=/x', '/'], ['/change-password', '/'],
])('asked to go on to %s it leads to %s', (wanted, target) => {
  expect(returnTo(`?returnTo=${encodeURIComponent(wanted)}`)).toBe(target)
})
