import { MantineProvider } from '@mantine/core'
import { render, screen } from '@testing-library/react'
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { beforeAll, describe, expect, it } from 'vitest'
import type { DeviceProvisioning } from '@/api/types'
import en from '@/text/en'
import { Standing } from './Standing'

const pending: DeviceProvisioning = { state: 'pending', wanted: 'a', heldCurrent: false, changedAt: null, lastFetch: null, file: '', userAgent: '', problem: '', managed: false, drifted: 0, driftedSince: null, stuck: '', nextTry: null }

beforeAll(() => i18next.use(initReactI18next).init({ lng: 'en', resources: { en: { translation: en } } }))

function show(provisioning: DeviceProvisioning) {
  const page = (now: DeviceProvisioning) => <MantineProvider env="test"><Standing provisioning={now} /></MantineProvider>
  const { rerender } = render(page(provisioning))
  return (now: DeviceProvisioning) => rerender(page(now))
}

describe('how far a new phone is', () => {
  it('changes as the phone asks and takes its file', () => {
    const now = show(pending)
    expect(screen.getByRole('status').textContent).toContain('It has not asked yet.')
    now({ ...pending, lastFetch: '2031-01-01T00:00:00Z', file: 'y000000000066.cfg', userAgent: 'Yealink SIP-T46S' })
    expect(screen.getByRole('status').textContent).toContain('has not taken the file with its settings yet')
    expect(screen.getByText('y000000000066.cfg')).toBeTruthy()
    now({ ...pending, state: 'converged', heldCurrent: true, lastFetch: '2031-01-01T00:00:01Z', file: '001565112233.cfg' })
    expect(screen.getByRole('status').textContent).toContain('The phone holds its settings.')
  })
  it('says why its files cannot be made', () => {
    show({ ...pending, state: 'failing', problem: 'phone.cfg.tmpl:3: no such setting' })
    expect(screen.getByText('phone.cfg.tmpl:3: no such setting')).toBeTruthy()
  })
})
