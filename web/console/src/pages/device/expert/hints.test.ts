import { describe, expect, it } from 'vitest'
import { hintsFor } from './hints'

describe('the proposals', () => {
  const labels = (...args: Parameters<typeof hintsFor>) => hintsFor(...args).map((h) => h.label)
  it('are the arguments of the kind, and what every task may have', () => {
    expect(labels('refresh', { wants: 'name', property: '', depth: 1 }, [])).toEqual(['path', 'priority', 'notBefore', 'expires', 'after', 'uniqueKey'])
    expect(labels('setParameterAttributes', { wants: 'name', property: 'parameters', depth: 2 }, [])).toEqual(['path', 'notification', 'accessList'])
  })
  it('are known paths, quoted, where a path goes', () => {
    expect(hintsFor('refresh', { wants: 'value', property: 'path', depth: 1 }, ['Device.'])).toEqual([{ label: 'Device.', apply: '"Device."' }])
  })
  it('are values where there are few', () => {
    expect(labels('getParameterNames', { wants: 'value', property: 'nextLevel', depth: 1 }, [])).toEqual(['true', 'false'])
    expect(labels('setParameterValues', { wants: 'value', property: 'type', depth: 2 }, [])).toContain('xsd:boolean')
  })
  it('are what a list of objects has, and its few values', () => {
    expect(labels('changeDUState', { wants: 'name', property: 'operations', depth: 2 }, [])).toContain('executionEnvironment')
    expect(hintsFor('scheduleDownload', { wants: 'value', property: 'mode', depth: 2 }, [])).toContainEqual({ label: '3 When Idle', apply: '"3 When Idle"' })
    expect(labels('upload', { wants: 'value', property: 'fileType', depth: 1 }, [])).toContain('2 Vendor Log File')
  })
})
