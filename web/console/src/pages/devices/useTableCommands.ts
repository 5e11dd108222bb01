import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useNavigate } from '@tanstack/react-router'
import type { Device } from '@/api/types'
import { isTyping } from '@/shell/shortcuts'
import { useShortcutsOn } from '@/shell/useShortcuts'
import type { RowActions } from './Row'
import { extend, nothing, selectRows, toggle, type Selection } from './selection'
import { pageCommand, type TableCommand } from './tableKeys'

const activeKey = 'dialtone.devices.active'

interface Commands {
  selection: Selection
  select: (selection: Selection) => void
  /** The id of the row that keys act on; empty for none. */
  active: string
  actions: RowActions
  run: (command: TableCommand) => void
}

/** Keeps which row is active and which are selected, and does what keys and clicks ask for. */
export function useTableCommands(filter: string, rows: readonly Device[], onFocus: () => void, onSearch: () => void): Commands {
  const navigate = useNavigate()
  const [selection, select] = useState<Selection>(nothing)
  // "All that match" means those of the filter under which it was said, also when the browser goes back to another.
  const [under, setUnder] = useState(filter)
  if (under !== filter) {
    setUnder(filter)
    select(nothing)
  }
  // Whoever comes back from a device goes on where they were.
  const [active, setActive] = useState(() => sessionStorage.getItem(activeKey) ?? '')
  const latest = useRef({ rows, active })
  useEffect(() => {
    latest.current = { rows, active }
  }, [rows, active])

  const open = useCallback((id: string, elsewhere: boolean) => {
    sessionStorage.setItem(activeKey, id)
    if (elsewhere) window.open(`/devices/${id}`, '_blank', 'noopener')
    else void navigate({ to: `/devices/${id}` as string })
  }, [navigate])

  const choose = useCallback((id: string, range: boolean) => {
    setActive(id)
    select((old) => (range ? extend(old, id, latest.current.rows) : toggle(old, id)))
    onFocus()
  }, [onFocus])

  const run = useCallback((command: TableCommand) => {
    const { rows: all, active: id } = latest.current
    const at = all.findIndex((row) => row.id === id)
    const go = (to: number, extending: boolean) => {
      const next = all[Math.max(0, Math.min(all.length - 1, to))]
      if (!next) return
      setActive(next.id)
      if (extending) select((old) => extend(old.anchor === undefined && at >= 0 ? toggle(old, id) : old, next.id, all))
      onFocus()
    }
    switch (command.do) {
      case 'move':
        return go(at < 0 ? 0 : at + command.by, command.extend)
      case 'to':
        return go(command.end === 'first' ? 0 : all.length - 1, command.extend)
      case 'open':
        return at >= 0 ? open(id, false) : undefined
      case 'select':
        return at >= 0 ? choose(id, false) : undefined
      case 'selectLoaded':
        return select(selectRows(all))
      case 'clear':
        return select(nothing)
      case 'search':
        return onSearch()
    }
  }, [choose, onFocus, onSearch, open])

  usePageKeys(run)
  const actions = useMemo(() => ({ open, select: choose }), [open, choose])
  return { selection, select, active, actions, run }
}

function usePageKeys(run: (command: TableCommand) => void) {
  const [on] = useShortcutsOn()
  useEffect(() => {
    if (!on) return
    const pressed = (event: KeyboardEvent) => {
      if (isTyping(event.target) || document.querySelector('[role="dialog"], [role="menu"]')) return
      const command = pageCommand(event)
      if (!command) return
      event.preventDefault()
      run(command)
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [on, run])
}
