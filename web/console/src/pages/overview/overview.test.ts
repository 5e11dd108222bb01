import { describe, expect, it } from 'vitest'
import { barsOf, byModel } from './firmware'
import { filterOf } from './FirmwareBars'
import { linesOf, queryOf } from './statistics'

describe('firmware by model', () => {
  const models = byModel([
    { model: 'A', softwareVersion: '1', count: 2 }, { model: 'B', softwareVersion: '1', count: 9 }, { model: 'A', softwareVersion: '2', count: 5 }, { model: 'A', softwareVersion: '', count: 1 },
  ])
  it('has the greatest first, models and versions', () => {
    expect(models.map((m) => [m.model, m.count, m.versions.map((v) => v.version).join()])).toEqual([['B', 9, '1'], ['A', 8, '2,1,']])
  })
  it('puts rare versions together', () => {
    expect(barsOf(models[1]!, 2)).toEqual({ bars: [{ version: '2', count: 5 }], rest: 3 })
    expect(barsOf(models[1]!, 3).rest).toBe(0)
  })
  it('leads to the phones', () => {
    expect(filterOf('VVX 411', '')).toBe('model = "VVX 411" softwareVersion = ""')
    expect(filterOf('A')).toBe('model = A')
  })
})

describe('statistics', () => {
  const times = ['t1', 't2']
  const series = { 'faults.9002': [1, 0], 'faults.9005': [0, 5], 'faults.9010': [1, 1], 'faults.9002.reboot': [1, 0], 'sessions.completed': [7] }
  it('are lines, the greatest first, with the rest together', () => {
    expect(linesOf({ times, series }, 'faults.', 2)).toEqual([{ name: '9005', values: [0, 5], total: 5 }, { name: '', values: [2, 1], total: 3 }])
    expect(linesOf({ times, series }, 'sessions.', 5)).toEqual([{ name: 'completed', values: [7, 0], total: 7 }])
    expect(linesOf({ times, series }, 'tasks.', 5)).toEqual([])
  })
  it('are asked for in steps that the server knows, and not too many', () => {
    for (const range of ['day', 'week', 'month'] as const) {
      const { from, to, step } = queryOf(range, Date.parse('2026-03-01T00:00:00Z'))
      expect(step % 300).toBe(0)
      expect((Date.parse(to) - Date.parse(from)) / 1000 / step).toBeLessThan(2016)
    }
  })
})
