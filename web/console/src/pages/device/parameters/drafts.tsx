import { createContext, use, useCallback, useMemo, useState, type ReactNode } from 'react'

/** A value that was entered and not sent yet. */
export interface Draft {
  path: string
  /** The value as CWMP writes it. */
  value: string
  /** The value that was there when it was entered; null if unknown or secret. */
  old: string | null
  secret: boolean
}

interface Desk {
  drafts: ReadonlyMap<string, Draft>
  /** The task that a path was last sent with, and what was sent. */
  sent: ReadonlyMap<string, { task: string; draft: Draft }>
  put: (draft: Draft) => void
  drop: (path: string) => void
  dropAll: () => void
  /** All drafts went out with a task. */
  went: (task: string) => void
}

const DraftsContext = createContext<Desk | null>(null)

/** Holds what was entered until it is sent, also while other tabs of the device are looked at. */
export function DraftsProvider({ children }: { children: ReactNode }) {
  const [drafts, setDrafts] = useState<Desk['drafts']>(new Map())
  const [sent, setSent] = useState<Desk['sent']>(new Map())
  const put = useCallback((draft: Draft) => {
    setDrafts((old) => withDraft(old, draft))
    setSent((old) => without(old, draft.path))
  }, [])
  const drop = useCallback((path: string) => setDrafts((old) => without(old, path)), [])
  const dropAll = useCallback(() => setDrafts(new Map()), [])
  const went = useCallback((task: string) => {
    setSent((old) => new Map([...old, ...[...drafts].map(([path, draft]) => [path, { task, draft }] as const)]))
    setDrafts(new Map())
  }, [drafts])
  const desk = useMemo(() => ({ drafts, sent, put, drop, dropAll, went }), [drafts, sent, put, drop, dropAll, went])
  return <DraftsContext value={desk}>{children}</DraftsContext>
}

/** What was entered and not sent yet, and what was sent. */
export function useDrafts(): Desk {
  const desk = use(DraftsContext)
  if (!desk) throw new Error('values are edited outside of a device')
  return desk
}

/** Adds a draft; one that is what was there already is none. A secret is always one, as nobody knows what is there. */
export function withDraft(drafts: Desk['drafts'], draft: Draft): Desk['drafts'] {
  if (!draft.secret && draft.value === draft.old) return without(drafts, draft.path)
  return new Map(drafts).set(draft.path, draft)
}

function without<Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  if (!map.has(key)) return map
  const rest = new Map(map)
  rest.delete(key)
  return rest
}
