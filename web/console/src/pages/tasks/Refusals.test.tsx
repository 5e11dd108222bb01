import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { fireEvent, render, screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { RetryOutcome } from '@/api/types'
import { Refusals } from './Refusals'

function show(count: number, refusals: RetryOutcome['refusals'], onOpen = vi.fn()) {
  render(<QueryClientProvider client={new QueryClient()}><MantineProvider><Refusals count={count} refusals={refusals} onOpen={onOpen} /></MantineProvider></QueryClientProvider>)
  return onOpen
}

describe('the refusals of a retry', () => {
  it('say which tasks they are and why, and how many more there are', () => {
    const onOpen = show(23, [{ task: 't1', device: 'd1', kind: 'reboot', reason: 'deviceGone' }, { task: 't2', device: 'd2', kind: 'download', reason: 'tooManyTasks' }])
    const lines = screen.getAllByRole('listitem').map((line) => line.textContent)
    expect(lines[0]).toMatch(/kind\.reboot.*d1.*reason\.deviceGone/)
    expect(lines[1]).toMatch(/kind\.download.*d2.*reason\.tooManyTasks/)
    expect(screen.getByText(/refusals\.more/)).toBeTruthy()
    fireEvent.click(screen.getAllByRole('button')[1]!)
    expect(onOpen).toHaveBeenCalledExactlyOnceWith('t2')
  })

  it('speak of no more than are told', () => {
    show(1, [{ task: 't1', device: 'd1', kind: 'reboot', reason: 'retried' }])
    expect(screen.queryByText(/refusals\.more/)).toBeNull()
  })

  it('are explained in general to those who may not see them', () => {
    show(3, [])
    expect(screen.queryAllByRole('listitem')).toHaveLength(0)
    expect(screen.getByText(/retryRefused/)).toBeTruthy()
  })
})
