import { describe, expect, it } from 'vitest'
import type { Task } from '@/api/types'
import { lastTrouble } from './troubles'

const now = Date.parse('2026-03-02T12:00:00Z')

function task(id: string, state: Task['state'], changes: Partial<Task> = {}): Task {
  return { id, state, kind: 'setParameterValues', args: { parameters: [{ path: 'Device.Time.NTPServer1', value: 'x' }] }, finishedAt: '2026-03-02T11:00:00Z', retriedBy: '', ...changes } as Task
}

describe('what went wrong with a device', () => {
  it('is the newest task that failed or expired', () => {
    expect(lastTrouble([task('c', 'queued'), task('b', 'expired'), task('a', 'failed')], now)?.id).toBe('b')
  })

  it('is nothing without a failure, and nothing that somebody called off', () => {
    expect(lastTrouble([task('b', 'succeeded'), task('a', 'cancelled')], now)).toBeUndefined()
  })

  it('is over once it was retried, or the same was done since', () => {
    expect(lastTrouble([task('a', 'failed', { retriedBy: 'b' })], now)).toBeUndefined()
    expect(lastTrouble([task('b', 'succeeded'), task('a', 'failed')], now)).toBeUndefined()
    expect(lastTrouble([task('b', 'succeeded', { kind: 'reboot', args: {} }), task('a', 'failed')], now)?.id).toBe('a')
  })

  it('is forgotten after a week', () => {
    expect(lastTrouble([task('a', 'failed', { finishedAt: '2026-02-01T00:00:00Z' })], now)).toBeUndefined()
  })
})
