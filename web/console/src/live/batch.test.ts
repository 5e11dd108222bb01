import { describe, expect, it } from 'vitest'
import { Batch } from './batch'
import type { Change } from './patch'

describe('Batch', () => {
  it('hands over once per frame, of each thing only the newest', () => {
    const frames: (() => void)[] = []
    const delivered: Change[][] = []
    const batch = new Batch((changes) => delivered.push(changes), (flush) => frames.push(flush))
    batch.add({ kind: 'device', id: 'a', now: { id: 'a' } })
    batch.add({ kind: 'task', id: 'a', now: { id: 'a' } })
    batch.add({ kind: 'device', id: 'a' })
    expect(delivered).toEqual([])
    expect(frames).toHaveLength(1)
    frames[0]!()
    expect(delivered).toEqual([[{ kind: 'task', id: 'a', now: { id: 'a' } }, { kind: 'device', id: 'a' }]])
    batch.add({ kind: 'device', id: 'b' })
    expect(frames).toHaveLength(2)
  })
})
