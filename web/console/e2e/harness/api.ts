import { eventually } from './wait.ts'

/** A device as the API shows it, as far as tests look at it. */
export interface Device {
  id: string
  serialNumber: string
  mac: string
  model: string
  softwareVersion: string
  group: string
  tags: string[]
  state: string
}

/** A task as the API shows it, as far as tests look at it. */
export interface Task {
  id: string
  kind: string
  state: string
  device: string
  retryOf?: string
  fault?: { code: number } | null
}

interface List<T> { items: T[]; totalSize?: number }

/** Asks the API with a token, to prepare quickly and to see what came of something. */
export class Api {
  constructor(readonly origin: string, readonly token: string) {}

  /** Sends a request and returns the answer whatever its status is. */
  async send(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Response> {
    const form = body instanceof FormData
    return fetch(`${this.origin}/api/v1/${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, ...(body !== undefined && !form ? { 'Content-Type': type } : {}) },
      body: body === undefined ? undefined : form ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    })
  }

  private async ask<T>(method: string, path: string, body?: unknown, type?: string): Promise<T> {
    const answer = await this.send(method, path, body, type)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  get<T>(path: string): Promise<T> { return this.ask<T>('GET', path) }

  post<T>(path: string, body?: unknown): Promise<T> { return this.ask<T>('POST', path, body) }

  put<T>(path: string, body: unknown): Promise<T> { return this.ask<T>('PUT', path, body) }

  patch<T>(path: string, body: unknown): Promise<T> { return this.ask<T>('PATCH', path, body, 'application/merge-patch+json') }

  /** Changes a level of settings. */
  patchSettings<T>(path: string, set: readonly Record<string, unknown>[]): Promise<T> { return this.ask<T>('PATCH', path, { set }) }

  /** Returns the devices that a filter selects. */
  async devices(filter: string, pageSize = 1000): Promise<Device[]> {
    return (await this.get<List<Device>>(`devices?pageSize=${pageSize}&filter=${encodeURIComponent(filter)}`)).items
  }

  /** Counts the devices that a filter selects. */
  async count(filter: string): Promise<number> {
    return (await this.get<List<Device>>(`devices?pageSize=1&filter=${encodeURIComponent(filter)}`)).totalSize ?? 0
  }

  /** Returns the tasks that a filter selects. */
  async tasks(filter: string): Promise<Task[]> {
    return (await this.get<List<Task>>(`tasks?pageSize=1000&filter=${encodeURIComponent(filter)}`)).items
  }

  /** Waits until that many devices are online and have told who they are. */
  arrived(count: number): Promise<Device[]> {
    return eventually(`${count} devices are online`, async () => {
      const online = await this.devices('online AND model:*')
      return online.length >= count && online
    }, { within: 60_000 })
  }

  /** Waits until no task of a device is open. */
  async settled(id: string): Promise<void> {
    await eventually(`device ${id} has no open task`, async () => {
      const open = await this.tasks(`device = "${id}" AND (state = queued OR state = running OR state = waiting)`)
      return open.length === 0
    }, { within: 30_000 })
  }

  /** Makes a user with a password of its own, who may sign in at once. */
  async user(name: string, role: string, scope = ''): Promise<{ name: string; password: string }> {
    const password = `long enough for ${name}`
    await this.post('users', { name, role, scope, password, mustChangePassword: false })
    return { name, password }
  }
}
