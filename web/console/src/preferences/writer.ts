import type { QueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import { asProblem } from '@/api/problem'
import type { Preferences } from '@/api/types'

const pause = 800
const longestPause = 30_000
const mayPass = new Set(['network', 'unavailable', 'timeout', 'conflict', 'limit'])

/**
 * Collects changes of preferences and writes them together. The server replaces all preferences at once, so
 * that each writing begins with what it has by then, as of another tab. What may pass is tried again.
 */
export class PreferencesWriter {
  private waiting: Preferences = {}
  private timer?: ReturnType<typeof setTimeout>
  private writing?: Promise<void>
  private wait = pause

  constructor(private readonly client: QueryClient) {
    // A page that is left has no time for two calls.
    window.addEventListener('pagehide', () => this.writeLast())
  }

  /** Shows the change at once, and writes it soon. A value of undefined removes the preference. */
  change(patch: Preferences) {
    this.waiting = { ...this.waiting, ...patch }
    this.client.setQueryData<Preferences>(keys.preferences, (known) => known && merged(known, patch))
    this.schedule(pause)
  }

  /** Returns what the server has with what it is still to be told. */
  withWaiting(stored: Preferences): Preferences {
    return merged(stored, this.waiting)
  }

  /** Writes what waits, now. It never throws: what was not written waits on. */
  async flush(): Promise<void> {
    clearTimeout(this.timer)
    if (this.writing) await this.writing
    if (Object.keys(this.waiting).length === 0) return
    this.writing = this.write().finally(() => (this.writing = undefined))
    await this.writing
  }

  /** Forgets what was not written: it was of somebody who is signed in no more. */
  forget() {
    clearTimeout(this.timer)
    this.waiting = {}
  }

  private async write() {
    const patch = this.waiting
    try {
      // As a mutation, so that the end of the session is noticed here, too.
      await this.client.getMutationCache().build(this.client, { mutationFn: () => store(patch) }).execute(undefined)
      this.waiting = without(this.waiting, patch)
      this.wait = pause
    } catch (thrown) {
      if (mayPass.has(asProblem(thrown).kind)) return this.schedule((this.wait = Math.min(2 * this.wait, longestPause)))
      this.waiting = without(this.waiting, patch)
      // It cannot be kept: show again what is.
      void this.client.invalidateQueries({ queryKey: keys.preferences })
    }
  }

  private schedule(wait: number) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush(), wait)
  }

  private writeLast() {
    const known = this.client.getQueryData<Preferences>(keys.preferences)
    if (!known || Object.keys(this.waiting).length === 0) return
    void api.PUT('/api/v1/me/preferences', { body: merged(known, this.waiting), keepalive: true }).catch(() => undefined)
    this.forget()
  }
}

async function store(patch: Preferences) {
  const stored = await answer(api.GET('/api/v1/me/preferences'))
  await answer(api.PUT('/api/v1/me/preferences', { body: merged(stored, patch) }))
}

function merged(stored: Preferences, patch: Preferences): Preferences {
  return Object.fromEntries(Object.entries({ ...stored, ...patch }).filter(([, value]) => value !== undefined))
}

/** Leaves out what was written, except where it was changed again meanwhile. */
function without(waiting: Preferences, written: Preferences): Preferences {
  return Object.fromEntries(Object.entries(waiting).filter(([name, value]) => !(name in written) || written[name] !== value))
}
