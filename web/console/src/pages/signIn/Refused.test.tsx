import { MantineProvider } from '@mantine/core'
import { render, screen } from '@testing-library/react'
import { beforeAll, expect, it } from 'vitest'
import { startText } from '@/text'
import { Refused } from './Refused'

beforeAll(startText)

function text(code: string | null): string | null {
  render(<MantineProvider><Refused code={code} /></MantineProvider>)
  return screen.queryByRole('alert')?.textContent ?? null
}

it('A code that is known is explained in words', () => {
  expect(text('no-role')).toContain('gives you no role here')
})

it('A code that is not known is named, and not at any length', () => {
  const said = text(`new-code${'x'.repeat(500)}`)!
  expect(said).toContain('new-code')
  expect(said.length).toBeLessThan(200)
})

it('Without a code nothing is said', () => {
  expect(text(null)).toBeNull()
})
