import { useQueryClient } from '@tanstack/react-query'
import { createContext, use, useEffect, useRef, useState, type ReactNode } from 'react'
import { keys } from '@/api/keys'
import { useMay } from '@/auth/me'
import { Batch } from './batch'
import { Recount, Renewal } from './missed'
import { patchCache, type Change } from './patch'
import { LiveStream, type LiveState } from './stream'

type Listener = (changes: readonly Change[]) => void

interface Live {
  state: LiveState
  listen: (listener: Listener) => () => void
}

const LiveContext = createContext<Live>({ state: 'off', listen: () => () => undefined })

/** Keeps the one stream of events open and the cached answers up to date with it. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const may = useMay('events.read')
  const [state, setState] = useState<LiveState>('off')
  const [listeners] = useState(() => new Set<Listener>())

  useEffect(() => {
    if (!may) return
    const renewal = new Renewal(client)
    const recount = new Recount(client)
    const batch = new Batch((changes) => {
      patchCache(client, changes)
      recount.changed()
      for (const listener of listeners) listener(changes)
    })
    const stream = new LiveStream('/api/v1/events', {
      onChange: (change) => batch.add(change),
      onMissed: () => renewal.missed(),
      onState: setState,
      onRefused: () => void client.refetchQueries({ queryKey: keys.me }),
    })
    stream.start()
    return () => {
      stream.stop()
      renewal.stop()
      recount.stop()
    }
  }, [client, may, listeners])

  const [listen] = useState(() => (listener: Listener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  })
  return <LiveContext value={{ state, listen }}>{children}</LiveContext>
}

/** How the stream of events stands. */
export function useLiveState(): LiveState {
  return use(LiveContext).state
}

/** Calls back with the changes of one kind, once per frame, for what is more than a cached answer. */
export function useLiveChanges(kind: Change['kind'], onChanges: (changes: readonly Change[]) => void) {
  const { listen } = use(LiveContext)
  const latest = useRef(onChanges)
  useEffect(() => {
    latest.current = onChanges
  })
  useEffect(
    () =>
      listen((changes) => {
        const ofKind = changes.filter((c) => c.kind === kind)
        if (ofKind.length > 0) latest.current(ofKind)
      }),
    [listen, kind],
  )
}
