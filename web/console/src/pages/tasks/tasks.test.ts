import { describe, expect, it } from 'vitest'
import { belongsTo, filterOf } from './choice'
import { retryAll, type RetryProgress } from './retryLoop'

const none = { filter: '', states: [], kinds: [] }

describe('the choice of tasks', () => {
  it('is no filter if nothing was chosen', () => {
    expect(filterOf(none)).toBe('')
  })

  it('joins what was typed and what was picked', () => {
    expect(filterOf({ filter: 'device = a', states: ['failed'], kinds: ['reboot', 'download'] })).toBe('(device = a) AND state = "failed" AND kind = "reboot" OR kind = "download"')
  })

  it('tells of a new task whether it belongs, unless something was typed', () => {
    expect(belongsTo({ ...none, filter: 'x' })).toBeUndefined()
    const belongs = belongsTo({ ...none, states: ['queued'], kinds: ['reboot'] })!
    expect(belongs({ state: 'queued', kind: 'reboot' })).toBe(true)
    expect(belongs({ state: 'running', kind: 'reboot' })).toBe(false)
    expect(belongs({ state: 'queued', kind: 'refresh' })).toBe(false)
    expect(belongsTo(none)!({ state: 'failed', kind: 'refresh' })).toBe(true)
  })
})

describe('a retry of many tasks', () => {
  const run = async (steps: RetryProgress[], stopAfter = Infinity) => {
    const seen: RetryProgress[] = []
    const waiting = [...steps]
    const end = await retryAll({ step: async () => waiting.shift()!, stopped: () => seen.length >= stopAfter, onProgress: (p) => seen.push(p) })
    return { seen, end, left: waiting.length }
  }

  it('goes on while some remain, and adds up what was retried', async () => {
    const { end, left } = await run([{ retried: 1000, refused: 2, remaining: 500, refusals: [] }, { retried: 498, refused: 3, remaining: 0, refusals: [] }])
    expect(end).toEqual({ retried: 1498, refused: 3, remaining: 0, refusals: [] })
    expect(left).toBe(0)
  })

  it('stops when asked, and tells what remains', async () => {
    const { end, left } = await run([{ retried: 1000, refused: 0, remaining: 500, refusals: [] }, { retried: 500, refused: 0, remaining: 0, refusals: [] }], 1)
    expect(end.remaining).toBe(500)
    expect(left).toBe(1)
  })

  it('does not go on for ever if no call retries anything', async () => {
    const { end } = await run([{ retried: 0, refused: 5, remaining: 5, refusals: [] }])
    expect(end).toEqual({ retried: 0, refused: 5, remaining: 5, refusals: [] })
  })

  it('ends with the first problem', async () => {
    await expect(retryAll({ step: () => Promise.reject(new Error('down')), stopped: () => false, onProgress: () => undefined })).rejects.toThrow('down')
  })
})
