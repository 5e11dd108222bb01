import { describe, expect, it } from 'vitest'
import { exportAddress } from './api'
import { deviceOf, filterOf, kindOf } from './choice'
import { changesOf, outcomeOf, valueText } from './difference'

const all = { filter: '', actor: '', action: '', target: '', device: '', span: '', from: '', until: '' }

describe('the choice of audit entries', () => {
  it('is no filter if nothing was chosen', () => {
    expect(filterOf(all)).toBe('')
  })

  it('joins everything', () => {
    expect(filterOf({ ...all, filter: 'outcome >= 400', actor: ' anna ', action: 'deleteUser', target: 'user/', span: '24h' }))
      .toBe('(outcome >= 400) AND actor:"anna" AND action = "deleteUser" AND target:"user/" AND at >= -24h')
  })

  it('takes times of the viewer, either of them alone, too', () => {
    const from = new Date('2026-03-01T08:00').toISOString()
    expect(filterOf({ ...all, span: 'between', from: '2026-03-01T08:00', until: 'nonsense' })).toBe(`at >= "${from}"`)
    expect(filterOf({ ...all, span: 'for ever' })).toBe('')
  })

  it('goes into the address of the export', () => {
    expect(exportAddress('csv', '')).toBe('/api/v1/audit/export?format=csv')
    expect(exportAddress('jsonl', 'a = "&"')).toBe('/api/v1/audit/export?format=jsonl&filter=a+%3D+%22%26%22')
  })
})

describe('the device of an entry', () => {
  it.each([
    [{ target: 'device/abc234', detail: '' }, 'abc234', ''],
    [{ target: 'task/0123', detail: 'reboot for device abc234' }, 'abc234', 'reboot'],
    [{ target: 'user/anna', detail: 'role' }, '', ''],
    [{ target: 'tasks', detail: 'retried 3 of 3 for kind = reboot for device' }, '', ''],
  ])('is read from its target or its detail: %j', (entry, device, kind) => {
    expect(deviceOf(entry)).toBe(device)
    expect(kindOf(entry)).toBe(kind)
  })

  it('can be chosen, with what was done to its tasks', () => {
    expect(filterOf({ ...all, actor: 'anna', device: 'abc234' })).toBe('actor:"anna" AND target = "device/abc234" OR detail:"for device abc234"')
  })
})

describe('what an action changed', () => {
  it('has every field once, with what is absent left out', () => {
    expect(changesOf({ before: { role: 'viewer', old: 1 }, after: { role: 'admin', tags: ['a', 'b'] } })).toEqual([
      { field: 'old', before: '1' }, { field: 'role', before: 'viewer', after: 'admin' }, { field: 'tags', after: 'a, b' },
    ])
    expect(changesOf({})).toEqual([])
  })

  it('is written as people read it', () => {
    expect([valueText(null), valueText(false), valueText(['x', 1]), valueText({ a: 1 })]).toEqual(['–', 'false', 'x, 1', '{\n  "a": 1\n}'])
  })
})

it('an outcome is told by its status', () => {
  expect([outcomeOf(204), outcomeOf('403'), outcomeOf(503)]).toEqual(['done', 'refused', 'failed'])
})
