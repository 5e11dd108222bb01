import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, render, screen } from '@testing-library/react'
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { beforeAll, expect, it, vi } from 'vitest'
import { api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Task } from '@/api/types'
import en from '@/text/en'
import { followTask } from './follow'

const task: Task = {
  id: 't1', device: 'd', kind: 'reboot', state: 'queued', args: {}, result: null, fault: null, attempts: [], timeline: [], after: [], createdAt: '2031-01-01T00:00:00Z',
  createdBy: 'user:a', deadline: null, expires: null, finishedAt: null, notBefore: null, priority: 0, retryOf: '', retriedBy: '', uniqueKey: '',
}

beforeAll(() => i18next.use(initReactI18next).init({ lng: 'en', resources: { en: { translation: en } } }))

function show(now: Task) {
  vi.spyOn(api, 'GET').mockImplementation(() => Promise.resolve({ data: now, response: new Response() }) as never)
  const client = new QueryClient()
  render(<MantineProvider env="test"><QueryClientProvider client={client}><Notifications /></QueryClientProvider></MantineProvider>)
  act(() => followTask(task, 'T46 123', () => undefined))
  return client
}

it('shows what became of a task before its answer came', async () => {
  show({ ...task, id: 't1', state: 'succeeded' })
  expect(await screen.findByText('Succeeded')).toBeTruthy()
})

it('changes with the task and says why it failed', async () => {
  const client = show({ ...task, state: 'running' })
  expect(await screen.findByText('Running')).toBeTruthy()
  const fault = { code: 9001, string: 'in a call', parameters: [] }
  act(() => void client.setQueryData(keys.task('t1'), { ...task, state: 'failed', fault }))
  expect(await screen.findByText(/The phone refused/)).toBeTruthy()
  expect(screen.getByText('in a call')).toBeTruthy()
})
