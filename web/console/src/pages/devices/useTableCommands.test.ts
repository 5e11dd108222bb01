import { act, renderHook } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Device } from '@/api/types'
import { useTableCommands } from './useTableCommands'

const navigate = vi.hoisted(() => vi.fn())
vi.mock('@tanstack/react-router', () => ({ useNavigate: () => navigate }))
vi.mock('@/shell/useShortcuts', () => ({ useShortcutsOn: () => [true] }))

const rows = [...'abcd'].map((id) => ({ id }) as Device)

describe('the keys of the table', () => {
  beforeEach(() => {
    sessionStorage.clear()
    navigate.mockReset()
  })
  const start = () => {
    const search = vi.fn()
    const hook = renderHook(({ filter }) => useTableCommands(filter, rows, vi.fn(), search), { initialProps: { filter: 'late' } })
    const press = (key: string, target: EventTarget = window) => act(() => void target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, shiftKey: /^[A-Z]$/.test(key) })))
    return { ...hook, press, search }
  }

  it('move to a row, select it and all to the next, and open it', () => {
    const { result, press } = start()
    press('j')
    press('j')
    press('x')
    press('J')
    expect([result.current.active, [...result.current.selection.ids].join('')]).toEqual(['c', 'bc'])
    act(() => result.current.run({ do: 'open' }))
    expect(navigate.mock.calls).toEqual([[{ to: '/devices/c' }]])
    expect(start().result.current.active).toBe('c')
  })

  it('stop at either end', () => {
    const { result, press } = start()
    press('k')
    expect(result.current.active).toBe('a')
    act(() => result.current.run({ do: 'move', by: 99, extend: false }))
    expect(result.current.active).toBe('d')
  })

  it('are text where somebody types', () => {
    const { result, press, search } = start()
    const input = document.body.appendChild(document.createElement('input'))
    press('j', input)
    expect(result.current.active).toBe('')
    input.remove()
    press('/')
    expect(search).toHaveBeenCalledOnce()
  })

  it('leave nothing selected under another filter', () => {
    const { result, rerender } = start()
    act(() => result.current.select({ all: true, ids: new Set() }))
    rerender({ filter: 'late' })
    expect(result.current.selection.all).toBe(true)
    rerender({ filter: 'online' })
    expect(result.current.selection.all).toBe(false)
  })
})
