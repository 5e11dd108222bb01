import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { fireEvent, render, screen } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ProblemError } from '@/api/problem'
import { FilterBox } from './FilterBox'

// The editor measures text, which there is none of here.
vi.mock('./FilterEditor', () => ({ default: () => { throw new Error('not here') } }))

const client = new QueryClient()

function box(value: string, onApply = vi.fn(), problem?: unknown) {
  return (
    <MantineProvider>
      <QueryClientProvider client={client}><FilterBox of="devices" value={value} onApply={onApply} problem={problem} label="Search" placeholder="" /></QueryClientProvider>
    </MantineProvider>
  )
}

describe('the search box', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('fetch', () => new Promise(() => undefined))
    return () => {
      vi.useRealTimers()
      vi.unstubAllGlobals()
    }
  })
  const input = () => screen.getByLabelText<HTMLInputElement>('Search')
  const type = (text: string) => fireEvent.change(input(), { target: { value: text } })

  it('applies what is typed once somebody pauses', () => {
    const onApply = vi.fn()
    render(box('', onApply))
    type('on')
    vi.advanceTimersByTime(200)
    type('online ')
    vi.advanceTimersByTime(399)
    expect(onApply).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onApply.mock.calls).toEqual([['online', true]])
  })

  it('applies at once with Enter, and not once more', () => {
    const onApply = vi.fn()
    render(box('', onApply))
    type('late')
    fireEvent.keyDown(input(), { key: 'Enter' })
    vi.advanceTimersByTime(1000)
    expect(onApply.mock.calls).toEqual([['late', false]])
  })

  it('shows another filter that comes from elsewhere, but not its own over newer letters', () => {
    const onApply = vi.fn()
    const { rerender } = render(box('', onApply))
    type('on')
    vi.advanceTimersByTime(400)
    type('onl')
    rerender(box('on', onApply))
    expect(input().value).toBe('onl')
    rerender(box('tags:vip', onApply))
    expect(input().value).toBe('tags:vip')
  })

  it('says what is wrong and where, until the text is another', () => {
    const problem = new ProblemError('invalid', 422, '', [{ location: 'query.filter', message: 'unknown field', position: 0 }])
    render(box('x = 1', vi.fn(), problem))
    expect(input().getAttribute('aria-invalid')).toBe('true')
    expect(document.getElementById(input().getAttribute('aria-describedby')!)?.textContent).toContain('filter.fault')
    type('y = 1')
    expect(input().getAttribute('aria-invalid')).toBe('false')
  })
})
