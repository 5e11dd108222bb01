import { describe, expect, it } from 'vitest'
import { readBody } from './body'

describe('what was written by hand', () => {
  it.each([
    ['getRPCMethods', '', { body: { kind: 'getRPCMethods' } }],
    ['refresh', '{"path": "Device.", "priority": 5}', { body: { kind: 'refresh', path: 'Device.', priority: 5 } }],
    ['refresh', '{"kind": "refresh", "path": ""}', { body: { kind: 'refresh', path: '' } }],
    ['refresh', '{"kind": "reboot"}', { wrong: 'kind', detail: 'reboot' }],
    ['refresh', '{}', { wrong: 'missing', detail: 'path' }],
    ['refresh', '{"path": "A.", "paths": []}', { wrong: 'unknown', detail: 'paths' }],
    ['refresh', '[]', { wrong: 'object', detail: '' }],
    ['refresh', 'null', { wrong: 'object', detail: '' }],
    ['refresh', '{"path": ', { wrong: 'json', detail: expect.any(String) }],
  ] as const)('for %s, %s, becomes %j', (kind, text, want) => {
    expect(readBody(kind, text)).toEqual(want)
  })
})
