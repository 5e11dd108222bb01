import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { startText } from '@/text'
import { NewPassword } from './NewPassword'

beforeAll(startText)
afterEach(() => vi.unstubAllGlobals())

function show(problem: { status: number; type: string; errors?: { location: string; message: string }[] }) {
  vi.stubGlobal('fetch', (request: Request) =>
    Promise.resolve(request.method === 'GET' ? Response.json({ password: true, openId: null, minPassword: 12 })
      : new Response(JSON.stringify({ title: 't', instance: 'urn:dialtone:request:r', ...problem }), { status: problem.status, headers: { 'Content-Type': 'application/problem+json' } })))
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}><NewPassword name="anna-the-operator" onChanged={() => undefined} /></QueryClientProvider>
    </MantineProvider>,
  )
}

function submit(next: string) {
  fireEvent.change(screen.getByLabelText(/Present password/, { selector: 'input' }), { target: { value: 'old password' } })
  fireEvent.change(screen.getByLabelText(/^New password(?! again)/, { selector: 'input' }), { target: { value: next } })
  fireEvent.change(screen.getByLabelText(/New password again/, { selector: 'input' }), { target: { value: next } })
  fireEvent.click(screen.getByRole('button', { name: 'Change password' }))
}

const invalid = (location: string) => ({ status: 422, type: 'urn:dialtone:problem:invalid', errors: [{ location, message: 'm' }] })

it.each([
  ['body.current', /That is not your present password/], ['body.new', /The server does not take this password/],
])('What the server says of %s stands at the field', async (location, text) => {
  show(invalid(location))
  submit('correct horse battery')
  expect(await screen.findByText(text)).toBeTruthy()
  expect(screen.queryByRole('alert')).toBeNull()
})

it('What is about no field stands below them', async () => {
  show({ status: 429, type: 'urn:dialtone:problem:limit' })
  submit('correct horse battery')
  expect((await screen.findByRole('alert')).textContent).toContain('A limit is reached')
})

it('The own name is no password', async () => {
  show(invalid('body.new'))
  submit('anna-the-operator')
  expect(await screen.findByText('Choose another than your user name')).toBeTruthy()
})
