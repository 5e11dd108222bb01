import { fireEvent, render, screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { Device } from '@/api/types'
import type { CellContext } from './cells'
import { allColumns } from './columns'
import { Row } from './Row'

const device = { id: 'd1', serialNumber: 'SN1', mac: '', tags: ['lobby'], lastInform: null } as unknown as Device
const context: CellContext = {
  now: 0, language: 'en', never: 'never', select: (name) => `Select ${name}`, states: { online: 'Online', late: 'Late', offline: 'Offline', never: 'Never seen' }, provisioning: { none: 'No files', pending: 'Pending', converged: 'Up to date', drifted: 'Drifted', failing: 'Failing' },
  quarantined: 'In quarantine', alarms: (count) => `${count} alarms`, alarm: (kind) => `alarm ${kind}`,
}

function show(of: Device = device) {
  const actions = { open: vi.fn(), select: vi.fn() }
  render(
    <Row
      device={of} index={0} start={0} height={34} columns={allColumns([{ name: 'serialNumber', type: 'string', search: true, orders: true }, { name: 'tags', type: 'list', search: true, orders: false }, { name: 'alarms', type: 'list', search: false, orders: false }])} template="" phone={false} selected={false} active={false}
      context={context} actions={actions}
    />,
  )
  return actions
}

describe('a row of the devices', () => {
  it('opens its device where it is clicked, and its link does not load the page anew', () => {
    const { open } = show()
    fireEvent.click(screen.getByText('lobby'))
    const followed = fireEvent.click(screen.getByRole('link', { name: 'SN1' }))
    expect(followed).toBe(false)
    expect(open.mock.calls).toEqual([['d1', false], ['d1', false]])
  })

  it('leaves a link to the browser that is to be opened elsewhere', () => {
    const { open } = show()
    const link = screen.getByRole('link', { name: 'SN1' })
    expect(link.getAttribute('href')).toBe('/devices/d1')
    // There is nowhere to go here: what the row leaves alone is caught behind it.
    document.addEventListener('click', (event) => event.preventDefault(), { once: true })
    fireEvent.click(link, { ctrlKey: true })
    expect(open).not.toHaveBeenCalled()
  })

  it('says that its device is in quarantine and has alarms', () => {
    show({ ...device, quarantined: true, alarms: [{ kind: 'transfers' }, { kind: 'credentials' }] } as unknown as Device)
    expect(screen.getByRole('img', { name: 'In quarantine' })).toBeTruthy()
    expect(screen.getByRole('img', { name: '2 alarms' })).toBeTruthy()
    expect(screen.getByText('alarm transfers, alarm credentials')).toBeTruthy()
  })

  it('selects by its checkbox, which opens nothing', () => {
    const { open, select } = show()
    fireEvent.click(screen.getByRole('checkbox', { name: 'Select SN1' }), { shiftKey: true })
    expect(select.mock.calls).toEqual([['d1', true]])
    expect(open).not.toHaveBeenCalled()
  })
})
