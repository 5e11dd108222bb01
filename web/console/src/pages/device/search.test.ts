import { describe, expect, it } from 'vitest'
import { readSearch, writeSearch } from './search'

describe('the address of a device', () => {
  it('opens the overview if it names no part, or one that is none', () => {
    expect(readSearch({}).tab).toBe('overview')
    expect(readSearch({ tab: 'nonsense' }).tab).toBe('overview')
    expect(readSearch({ tab: 'tasks' }).tab).toBe('tasks')
  })

  it('gives text back that the router read as a number', () => {
    expect(readSearch({ q: 5060 }).q).toBe('5060')
    expect(readSearch({ q: { a: 1 } }).q).toBeUndefined()
  })

  it('holds only what is not the default', () => {
    expect(writeSearch({ tab: 'tasks', task: 'x' }, { task: undefined })).toEqual({ tab: 'tasks' })
    expect(writeSearch({ tab: 'tasks', q: 'a' }, { tab: 'overview', q: '' })).toEqual({})
    expect(writeSearch({ other: 1 }, { tab: 'expert' })).toEqual({ other: 1, tab: 'expert' })
  })
})
