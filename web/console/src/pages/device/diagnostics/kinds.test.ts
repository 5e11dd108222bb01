import { describe, expect, it } from 'vitest'
import { argumentsOf } from '@/tasks/arguments'
import { diagnosticKinds, fieldsOf, lackingOf, startOf, taskOf } from './kinds'

describe('the forms of the tests', () => {
  it.each([...diagnosticKinds])('of %s ask for every argument, and for those that must be', (kind) => {
    expect(fieldsOf[kind].map(({ name }) => name).sort()).toEqual(argumentsOf[kind].map(({ name }) => name).sort())
    expect(fieldsOf[kind].filter(({ required }) => required).map(({ name }) => name)).toEqual(argumentsOf[kind].filter(({ required }) => required).map(({ name }) => name))
  })

  it('make tasks of what was entered, with numbers as numbers', () => {
    expect(taskOf('ipPing', { ...startOf('ipPing'), host: ' gw.example ', numberOfRepetitions: '3', dscp: '' })).toEqual({ kind: 'ipPing', host: 'gw.example', numberOfRepetitions: 3, timeoutMilliseconds: 2000 })
    expect(taskOf('nsLookup', { host: 'a', dnsServer: '192.0.2.1' })).toEqual({ kind: 'nsLookup', host: 'a', dnsServer: '192.0.2.1' })
  })

  it('say what is lacking', () => {
    expect(lackingOf('ipPing', startOf('ipPing'))).toEqual(['host'])
    expect(lackingOf('uploadDiagnostics', { url: 'http://', testFileLength: '' })).toEqual(['url', 'testFileLength'])
    expect(lackingOf('downloadDiagnostics', { url: 'http://a/' })).toEqual([])
  })
})
