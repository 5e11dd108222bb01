import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { keys } from '@/api/keys'
import { Recount, Renewal } from './missed'

const client = new QueryClient()
const stale = (key: readonly unknown[]) => client.getQueryState(key)!.isInvalidated

beforeEach(() => {
  vi.useFakeTimers()
  for (const key of [keys.devices(), keys.task('t'), keys.deviceSummary, keys.users(), keys.me]) client.setQueryData(key, {})
})
afterEach(() => {
  vi.useRealTimers()
  client.clear()
})

it('A gap makes stale what events follow, and nothing else', () => {
  new Renewal(client).missed()
  vi.advanceTimersByTime(0)
  expect([stale(keys.devices()), stale(keys.task('t')), stale(keys.deviceSummary)]).toEqual([true, true, true])
  expect([stale(keys.users()), stale(keys.me)]).toEqual([false, false])
})

it('Gaps in quick succession are one reading every three seconds', () => {
  const invalidate = vi.spyOn(client, 'invalidateQueries')
  const renewal = new Renewal(client, () => Date.now())
  for (let i = 0; i < 50; i++) {
    renewal.missed()
    vi.advanceTimersByTime(100)
  }
  expect(invalidate).toHaveBeenCalledTimes(2)
  renewal.stop()
})

it('Changes have counts read anew at most every ten seconds, and lists never', () => {
  const invalidate = vi.spyOn(client, 'invalidateQueries')
  const recount = new Recount(client)
  for (let i = 0; i < 150; i++) {
    recount.changed()
    vi.advanceTimersByTime(100)
  }
  expect(invalidate).toHaveBeenCalledTimes(1)
  expect([stale(keys.deviceSummary), stale(keys.devices())]).toEqual([true, false])
  recount.stop()
})
