import { createContext, use } from 'react'
import type { Device, Task } from '@/api/types'
import type { TaskBody } from '@/tasks/api'

interface DeviceScope {
  device: Device
  /** Queues a task, has the phone called, and follows the task in a notification. */
  queue: (body: TaskBody) => Promise<Task>
  /** Opens the details of a task. */
  openTask: (id: string) => void
}

const DeviceContext = createContext<DeviceScope | null>(null)

export const DeviceScopeProvider = DeviceContext

/** The device that the page shows, for its parts. */
export function useDeviceScope(): DeviceScope {
  const scope = use(DeviceContext)
  if (!scope) throw new Error('a part of a device is shown without the device')
  return scope
}
