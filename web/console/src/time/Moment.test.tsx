import { MantineProvider } from '@mantine/core'
import { act, render, screen } from '@testing-library/react'
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { startText } from '@/text'
import { Moment } from './Moment'

beforeAll(startText)
beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('A relative time renews itself once a minute, and keeps the exact one at hand', () => {
  const at = new Date(Date.now() - 60_000).toISOString()
  render(<MantineProvider><Moment at={at} /></MantineProvider>)
  expect(screen.getByText('1 minute ago').getAttribute('datetime')).toBe(at)
  act(() => void vi.advanceTimersByTime(60_000))
  expect(screen.getByText('2 minutes ago')).toBeTruthy()
})

it('A time that never was reads so', () => {
  render(<MantineProvider><Moment at={null} /></MantineProvider>)
  expect(screen.getByText('never')).toBeTruthy()
})
