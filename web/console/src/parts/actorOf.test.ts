import { describe, expect, it } from 'vitest'
import { actorOf } from './actorOf'

describe('actorOf', () => {
  it.each([
    ['user:anna', 'user', 'anna'],
    ['token:06gvv4j5ej35uj0fj02s4v0158 night shift', 'token', 'night shift'],
    ['system', 'other', 'system'],
    ['command line', 'other', 'command line'],
    ['token:', 'other', 'token:'],
    ['', 'other', ''],
  ] as const)('reads %j', (actor, kind, name) => {
    expect(actorOf(actor)).toEqual({ kind, name })
  })
})
