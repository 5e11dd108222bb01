import { Tabs } from '@mantine/core'
import { lazy, Suspense, useCallback, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Device } from '@/api/types'
import { useMay } from '@/auth/me'
import { Loading } from '@/parts/Loading'
import { useQueueAndFollow } from '@/tasks/follow'
import { DeviceScopeProvider } from './context'
import { Warnings } from './alarms/Warnings'
import { Header } from './header/Header'
import { nameOf } from './name'
import { Overview } from './overview/Overview'
import { Book } from './parameters/book'
import { BookProvider } from './parameters/context'
import { DraftsProvider } from './parameters/drafts'
import { fetchParameters } from './api'
import { tabs, useDeviceSearch, type Tab } from './search'
import { TaskDrawer } from './tasks/TaskDrawer'
import { DeviceTasks } from './tasks/DeviceTasks'
import { Sessions } from './sessions/Sessions'
import { TimelineTab } from './timeline/TimelineTab'

const SettingsTab = lazy(() => import('./settings/SettingsTab'))
const ConvergenceTab = lazy(() => import('./convergence/ConvergenceTab'))
const Parameters = lazy(() => import('./parameters/Parameters'))
const GivenFiles = lazy(() => import('./given/GivenFiles'))
const Expert = lazy(() => import('./expert/Expert'))
const TraceTab = lazy(() => import('./trace/TraceTab'))
const Diagnostics = lazy(() => import('./diagnostics/Diagnostics'))
const BehaviourTab = lazy(() => import('./behaviour/BehaviourTab'))

const panels: Record<Tab, () => ReactNode> = {
  overview: () => <Overview />,
  settings: () => <SettingsTab />,
  convergence: () => <ConvergenceTab />,
  parameters: () => <Parameters />,
  files: () => <GivenFiles />,
  tasks: () => <DeviceTasks />,
  sessions: () => <Sessions />,
  timeline: () => <TimelineTab />,
  trace: () => <TraceTab />,
  diagnostics: () => <Diagnostics />,
  behaviour: () => <BehaviourTab />,
  expert: () => <Expert />,
}

/** A device: its header with what can be done, and its parts as tabs. */
export function DeviceView({ device }: { device: Device }) {
  const { t } = useTranslation()
  const [{ tab }, change] = useDeviceSearch()
  const mayTasks = useMay('tasks.read')
  const mayTraces = useMay('traces.read')
  const maySettings = useMay('settings.read')
  const hidden = { settings: !maySettings, convergence: !maySettings, files: !maySettings, tasks: !mayTasks, expert: !mayTasks, diagnostics: !mayTasks, trace: !mayTraces } as Partial<Record<Tab, boolean>>
  const openTask = useCallback((id: string) => change({ task: id }), [change])
  const queue = useQueueAndFollow({ id: device.id, name: nameOf(device) }, (task) => openTask(task.id))
  const [book] = useState(() => new Book((path, token, signal) => fetchParameters(device.id, path, token, signal)))
  const scope = useMemo(() => ({ device, queue, openTask }), [device, queue, openTask])
  const shown = tabs.filter((name) => !hidden[name])
  return (
    <DeviceScopeProvider value={scope}>
      <BookProvider book={book} device={device.id}>
        <DraftsProvider>
          <Header />
          <Warnings />
          <Tabs value={shown.includes(tab) ? tab : 'overview'} onChange={(next) => change({ tab: (next ?? 'overview') as Tab })} keepMounted={false}>
            <Tabs.List mb="md" aria-label={t('device.parts')}>
              {shown.map((name) => <Tabs.Tab key={name} value={name}>{t(`device.tab.${name}`)}</Tabs.Tab>)}
            </Tabs.List>
            {shown.map((name) => <Tabs.Panel key={name} value={name}><Suspense fallback={<Loading />}>{panels[name]()}</Suspense></Tabs.Panel>)}
          </Tabs>
          <TaskDrawer />
        </DraftsProvider>
      </BookProvider>
    </DeviceScopeProvider>
  )
}
