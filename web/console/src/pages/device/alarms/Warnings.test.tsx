import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
// The client takes fetch when it is made, so that this stands before it.
const server = vi.hoisted(() => {
  const own: { answer: (request: Request) => Promise<Response> } = { answer: () => Promise.resolve(Response.error()) }
  globalThis.fetch = ((request: Request) => own.answer(request)) as typeof fetch
  return own
})

import { keys } from '@/api/keys'
import type { Device } from '@/api/types'
import { DeviceScopeProvider } from '../context'
import { Warnings } from './Warnings'

const at = '2026-03-01T12:00:00Z'
const device = {
  id: 'd1', revision: 7, quarantined: true, model: 'T46S', serialNumber: 'SN1', mac: '',
  alarms: [{ kind: 'transfers', since: at, last: at, count: 3, detail: '<b>404</b>' }, { kind: 'brandNew', since: at, last: at, count: 1, detail: '' }],
} as unknown as Device

function show(permissions: string[]) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } })
  client.setQueryData(keys.me, { name: 'anna', scope: '', permissions })
  const asked: [method: string, tag: string | null, body: unknown][] = []
  server.answer = async (request) => {
    asked.push([request.method, request.headers.get('If-Match'), await request.json()])
    return Response.json({ ...device, quarantined: false, revision: 8 })
  }
  render(
    <MantineProvider>
      <QueryClientProvider client={client}>
        <DeviceScopeProvider value={{ device, queue: vi.fn(), openTask: vi.fn() }}><Warnings /></DeviceScopeProvider>
      </QueryClientProvider>
    </MantineProvider>,
  )
  return { asked, client }
}

describe('the warnings of a device', () => {
  it('approve what the viewer saw, and nothing newer', async () => {
    const { asked, client } = show(['devices.write'])
    fireEvent.click(screen.getByRole('button', { name: 'alarm.quarantine.approve' }))
    await waitFor(() => expect(client.getQueryData<Device>(keys.device('d1'))?.revision).toBe(8))
    expect(asked).toEqual([['PATCH', '"r7"', { quarantined: false }]])
  })

  it('clear one kind of alarm, also one that the console does not know', async () => {
    const { asked } = show(['devices.write'])
    const clears = screen.getAllByRole('button', { name: 'alarm.clearOne' })
    expect(clears).toHaveLength(2)
    fireEvent.click(clears[1]!)
    await waitFor(() => expect(asked).toEqual([['PATCH', '"r7"', { clearAlarms: ['brandNew'] }]]))
  })

  it('show what happened as text, and no buttons to who may not write', () => {
    show(['devices.read'])
    expect(screen.getByText('<b>404</b>')).toBeTruthy()
    expect(screen.getByText('alarm.quarantine.mayNot')).toBeTruthy()
    expect(screen.queryByRole('button')).toBeNull()
  })
})
