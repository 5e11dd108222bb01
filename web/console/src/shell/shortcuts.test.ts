import { describe, expect, it } from 'vitest'
import { pages } from '@/pages/registry'
import type { PageEntry } from './page'
import { isTyping, Sequences } from './shortcuts'

const page = (path: string, shortcut: string): PageEntry => ({ path, title: path, shortcut, load: () => Promise.reject(new Error('not needed')) })

describe('Sequences', () => {
  const sequences = () => new Sequences([page('/devices', 'g d'), page('/tasks', 'g t')])

  it('knows two keys one after the other', () => {
    const s = sequences()
    expect(s.press('g', 0)).toBeUndefined()
    expect(s.press('t', 500)?.path).toBe('/tasks')
    expect(s.press('d', 600)).toBeUndefined()
  })

  it('forgets the first key after a while', () => {
    const s = sequences()
    s.press('g', 0)
    expect(s.press('d', 5000)).toBeUndefined()
  })

  it('takes the last first key', () => {
    const s = sequences()
    s.press('x', 0)
    s.press('g', 100)
    expect(s.press('d', 200)?.path).toBe('/devices')
  })
})

it('Keys in a field are text', () => {
  expect(isTyping(document.createElement('input'))).toBe(true)
  expect(isTyping(document.createElement('button'))).toBe(false)
  expect(isTyping(null)).toBe(false)
})

it('No two pages have the same path or shortcut', () => {
  for (const of of [(p: PageEntry) => p.path, (p: PageEntry) => p.shortcut]) {
    const values = pages.map(of).filter((value) => value !== undefined)
    expect(new Set(values).size).toBe(values.length)
  }
})
