import { MantineProvider } from '@mantine/core'
import { fireEvent, render, screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
// The client takes fetch when it is made, so that this stands before it.
const server = vi.hoisted(() => {
  const own: { answer: (request: Request) => Promise<Response> } = { answer: () => Promise.resolve(Response.error()) }
  globalThis.fetch = ((request: Request) => own.answer(request)) as typeof fetch
  return own
})

import type { Bulk, Device } from '@/api/types'
import { bulkActions } from './actions'
import { beginBulk, tryBulk } from './calls'
import { Confirm } from './Confirm'
import { callOf, emptyForm, filtersOf, isComplete } from './payload'
import { percentOf, progressOf } from './progress'

const form = { ...emptyForm, tags: ['vip'], group: ' acme/south ', path: 'Device.Time.', parameters: [{ path: ' Device.X ', value: ' y ' }, { path: '', value: 'z' }], file: 'fw.bin', call: true }

describe('the call of an action', () => {
  it.each([
    ['addTags', 'devices', { addTags: ['vip'] }],
    ['removeTags', 'devices', { removeTags: ['vip'] }],
    ['moveToGroup', 'devices', { group: 'acme/south' }],
    ['refresh', 'tasks', { kind: 'refresh', path: 'Device.Time.', connectionRequest: true }],
    ['setParameterValues', 'tasks', { kind: 'setParameterValues', parameters: [{ path: 'Device.X', value: ' y ' }], connectionRequest: true }],
    ['download', 'tasks', { kind: 'download', file: 'fw.bin', connectionRequest: true }],
    ['reboot', 'tasks', { kind: 'reboot', connectionRequest: true }],
    ['factoryReset', 'tasks', { kind: 'factoryReset', connectionRequest: true }],
  ] as const)('%s is for /%s/bulk', (action, route, body) => {
    expect(callOf(action, form, 'late', true)).toEqual({ route, body: { filter: 'late', dryRun: true, ...body } })
  })

  it('is not made before the form has what it needs', () => {
    expect(bulkActions.filter(({ action }) => isComplete(action, emptyForm)).map(({ action }) => action)).toEqual(['moveToGroup', 'refresh', 'reboot', 'factoryReset'])
    expect(bulkActions.every(({ action }) => isComplete(action, form))).toBe(true)
  })
})

describe('the filters of a selection', () => {
  it('are that of the list for all that match', () => {
    expect(filtersOf({ all: true, ids: new Set() }, ' late ')).toEqual(['late'])
    expect(filtersOf({ all: true, ids: new Set() }, '')).toEqual(['*'])
  })

  it('name the devices, in filters that are not too long for the server', () => {
    const ids = Array.from({ length: 450 }, (_, i) => String(i).padStart(26, 'x'))
    const filters = filtersOf({ all: false, ids: new Set(ids) }, 'late')
    expect(filters.map((f) => f.split(' OR ').length)).toEqual([200, 200, 50])
    expect(Math.max(...filters.map((f) => f.length))).toBeLessThan(8192)
    expect(filters[2]!.startsWith(`id = ${ids[400]} OR id = `)).toBe(true)
  })
})

describe('many devices', () => {
  it('are counted over all filters before anything is done', async () => {
    const bodies: { filter: string; dryRun: boolean }[] = []
    server.answer = async (request) => {
      bodies.push((await request.json()) as (typeof bodies)[number])
      return Response.json({ matched: 7, dryRun: true, sample: Array.from({ length: 7 }, (_, i) => ({ id: String(i) })) })
    }
    const found = await tryBulk('reboot', emptyForm, ['a', 'b'])
    expect([found.matched, found.sample.length]).toEqual([14, 10])
    expect(bodies.map((b) => [b.filter, b.dryRun])).toEqual([['a', true], ['b', true]])
  })

  it('tell of what was begun although what follows is refused', async () => {
    let calls = 0
    server.answer = async () => (calls++ === 0 ? Response.json({ id: 'B1' }, { status: 202 }) : Response.json({ type: 'urn:dialtone:problem:limit', title: '', status: 429, instance: '' }, { status: 429 }))
    const begun: Bulk[] = []
    await expect(beginBulk('reboot', emptyForm, ['a', 'b'], (b) => begun.push(b))).rejects.toMatchObject({ kind: 'limit' })
    expect(begun.map((b) => b.id)).toEqual(['B1'])
  })
})

describe('progress', () => {
  const bulk = (some: Partial<Bulk>) => ({ state: 'finished', queued: 0, refused: 0, lastError: '', ...some }) as Bulk
  it('is that of all bulks together', () => {
    const together = progressOf([bulk({ queued: 3, refused: 1, lastError: 'full' }), bulk({ queued: 2, state: 'running' })])
    expect(together).toEqual({ done: 5, refused: 1, running: true, cancelled: false, failed: false, lastError: 'full' })
    expect(percentOf(together, 12)).toBe(50)
  })
  it('is full only at the end', () => {
    expect(percentOf(progressOf([bulk({ queued: 20, state: 'running' })]), 12)).toBe(99)
    expect(percentOf(progressOf([bulk({ queued: 3, state: 'cancelled' })]), 12)).toBe(100)
    expect(percentOf(progressOf([bulk({ state: 'running' })]), 0)).toBe(0)
  })
  it('stays where it was if the server could not go on, and says why', () => {
    const failed = progressOf([bulk({ queued: 3, refused: 1, lastError: 'the store is away', state: 'failed' }), bulk({ queued: 2, lastError: 'full' })])
    expect(failed).toEqual({ done: 5, refused: 1, running: false, cancelled: false, failed: true, lastError: 'the store is away' })
    expect(percentOf(failed, 12)).toBe(50)
  })
})

describe('the confirmation of what disrupts', () => {
  const confirm = (matched: number, onConfirm = vi.fn()) => {
    render(
      <MantineProvider>
        <Confirm found={{ matched, sample: [{ id: 'x', serialNumber: '<b>evil</b>' } as Device] }} action="reboot" form={emptyForm} typed busy={false} onBack={vi.fn()} onConfirm={onConfirm} />
      </MantineProvider>,
    )
    return onConfirm
  }

  it('waits for the number of devices', () => {
    const onConfirm = confirm(214)
    const deed = screen.getByRole<HTMLButtonElement>('button', { name: /deed\.reboot/ })
    expect(deed.disabled).toBe(true)
    fireEvent.submit(deed.form!)
    fireEvent.change(screen.getByRole('textbox'), { target: { value: '21' } })
    fireEvent.submit(deed.form!)
    expect(onConfirm).not.toHaveBeenCalled()
    fireEvent.change(screen.getByRole('textbox'), { target: { value: '214' } })
    fireEvent.submit(deed.form!)
    expect(onConfirm).toHaveBeenCalledOnce()
  })

  it('cannot be given for nothing, and shows what devices say as text', () => {
    confirm(0)
    expect(screen.getByRole<HTMLButtonElement>('button', { name: /deed\.reboot/ }).disabled).toBe(true)
    expect(screen.getByText(/<b>evil<\/b>/)).toBeTruthy()
  })
})
