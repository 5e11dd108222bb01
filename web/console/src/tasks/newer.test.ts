import { describe, expect, it } from 'vitest'
import type { Task, TaskState } from '@/api/types'
import { newer } from './newer'

const task = (state: TaskState, at: string) => ({ state, createdAt: '2031-01-01T00:00:00Z', timeline: [{ state, at }] }) as unknown as Task
const queued = task('queued', '2031-01-01T00:00:00Z')
const running = task('running', '2031-01-01T00:00:01Z')
const ended = task('succeeded', '2031-01-01T00:00:02Z')

describe('of two states of a task', () => {
  it('the one that was read counts if nothing was known', () => expect(newer(undefined, queued)).toBe(queued))
  it('an end counts, whichever came first', () => {
    expect(newer(ended, running)).toBe(ended)
    expect(newer(running, ended)).toBe(ended)
  })
  it('the later step counts while it is open', () => {
    expect(newer(running, queued)).toBe(running)
    expect(newer(queued, running)).toBe(running)
  })
  it('the one that was read counts if both are as late, as it may tell more', () => {
    const read = { ...ended, retriedBy: 'x' }
    expect(newer(ended, read)).toBe(read)
  })
})
