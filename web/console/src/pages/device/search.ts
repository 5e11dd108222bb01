import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

/** The parts of the page. */
export const tabs = ['overview', 'settings', 'convergence', 'parameters', 'files', 'tasks', 'sessions', 'timeline', 'trace', 'diagnostics', 'behaviour', 'expert'] as const

export type Tab = (typeof tabs)[number]

/** What the address of the page holds, so that it can be shared. */
export interface DeviceSearch {
  tab: Tab
  /** The task whose details are open. */
  task?: string
  /** The parameter or object that is selected in the tree. */
  path?: string
  /** What is searched for in the tree. */
  q?: string
  /** The kinds that the timeline shows, joined by commas; absent for all. */
  kinds?: string
  /** The file that is open. */
  file?: string
}

/** Reads the address; what makes no sense is left out. */
export function readSearch(raw: Record<string, unknown>): DeviceSearch {
  const tab = tabs.find((name) => name === raw.tab) ?? 'overview'
  // The router reads q=12 as a number.
  const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '') || undefined
  return { tab, task: text(raw.task), path: text(raw.path), q: text(raw.q), kinds: text(raw.kinds), file: text(raw.file) }
}

/** Returns what the address is to hold after a change; what is the default or empty is left out. */
export function writeSearch(raw: Record<string, unknown>, change: Partial<DeviceSearch>): Record<string, unknown> {
  const merged = { ...raw, ...change }
  return Object.fromEntries(Object.entries(merged).filter(([key, value]) => value !== undefined && value !== '' && !(key === 'tab' && value === 'overview')))
}

type Change = (change: Partial<DeviceSearch>, options?: { replace?: boolean }) => void

/** The address of the page, and how to change it; a change can be gone back from unless it replaces. */
export function useDeviceSearch(): [DeviceSearch, Change] {
  const raw: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const change = useCallback<Change>((next, { replace = false } = {}) => {
    const search = (old: Record<string, unknown>) => writeSearch(old, next)
    void navigate({ to: '.', search: search as never, replace, resetScroll: false })
  }, [navigate])
  return [readSearch(raw), change]
}
