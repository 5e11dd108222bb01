import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { useMe } from '@/auth/me'
import { pages } from '@/pages/registry'
import { usePreferences } from '@/preferences/usePreferences'
import { destinations } from './page'
import { isTyping, Sequences } from './shortcuts'

/** Whether keys without Ctrl do something; those who speak to their computer turn it off. */
export function useShortcutsOn(): [on: boolean, turn: (on: boolean) => void] {
  const { preferences, change } = usePreferences()
  // Not before it is known that they want them.
  return [preferences !== undefined && preferences.shortcuts !== false, (on) => change({ shortcuts: on })]
}

/** Listens for the shortcuts of the pages, and for ? which shows them. */
export function useShortcuts(onHelp: () => void) {
  const me = useMe()
  const navigate = useNavigate()
  const [on] = useShortcutsOn()
  const sequences = useMemo(() => new Sequences(destinations(pages, me)), [me])
  useEffect(() => {
    if (!on) return
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('[role="dialog"]')) return
      if (event.key === '?') onHelp()
      const page = sequences.press(event.key.toLowerCase(), event.timeStamp)
      if (page) void navigate({ to: page.path })
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [on, sequences, navigate, onHelp])
}
