import { Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDeviceSearch } from '../search'
import { useBook } from './context'
import type { DialogRequest } from './Dialogs'
import { MoreRow } from './MoreRow'
import type { Row } from './rows'
import type { SentState } from './sent'
import classes from './Tree.module.css'
import { TreeRow } from './TreeRow'
import { useTreeKeys } from './useTreeKeys'

interface TreeProps {
  rows: readonly Row[]
  sent: ReadonlyMap<string, SentState>
  mayWrite: boolean
  onToggle: (path: string, open: boolean) => void
  onRefresh: (path: string) => void
  onDialog: (request: DialogRequest) => void
  /** What was searched for. */
  found: string
}

/** The tree as a grid of which only the visible lines exist. One line has the focus; its buttons follow with Tab. */
export function Tree({ rows, sent, mayWrite, onToggle, onRefresh, onDialog, found }: TreeProps) {
  const { t } = useTranslation()
  const { book } = useBook()
  const [{ path: selected }, change] = useDeviceSearch()
  const scroller = useRef<HTMLDivElement>(null)
  const narrow = useMediaQuery('(max-width: 47.99em)', undefined, { getInitialValueInEffect: false })
  const height = narrow ? 58 : 34
  const [active, setActive] = useState(selected ?? '')
  const [editing, setEditing] = useState<string>()
  const [menu, setMenu] = useState<string>()
  const index = Math.max(0, rows.findIndex((row) => row.path === active && row.kind === 'node'))
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => height, overscan: 12 })
  useEffect(() => virtual.measure(), [virtual, height])

  const focusRow = (i: number) => {
    virtual.scrollToIndex(i)
    requestAnimationFrame(() => requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${i}"]`)?.focus({ preventScroll: true })))
  }
  const move = (i: number) => {
    const row = rows[Math.min(Math.max(i, 0), rows.length - 1)]
    if (!row) return
    setActive(row.path)
    focusRow(rows.indexOf(row))
  }
  const select = (path: string) => {
    setActive(path)
    change({ path }, { replace: true })
  }
  const stopEditing = () => {
    setEditing(undefined)
    focusRow(index)
  }
  const onKeyDown = useTreeKeys({ rows, index, book, mayWrite, move, onToggle, onRefresh, onDialog, onEdit: setEditing, onMenu: setMenu })

  // A shared link leads to its line.
  const [aimed, setAimed] = useState(false)
  useEffect(() => {
    if (aimed || !selected) return
    const at = rows.findIndex((row) => row.path === selected)
    if (at < 0) return
    virtual.scrollToIndex(at, { align: 'center' })
    setAimed(true)
  }, [aimed, rows, selected, virtual])

  return (
    <>
      <div ref={scroller} className={classes.tree} role="treegrid" aria-label={t('parameters.tree')} aria-rowcount={rows.length + 1} aria-describedby="tree-keys" onKeyDown={onKeyDown} tabIndex={-1}>
        <div className={classes.head} role="row" aria-rowindex={1}>
          <span role="columnheader">{t('parameters.name')}</span>
          <span role="columnheader">{t('parameters.value')}</span>
          <span role="columnheader">{t('parameters.type')}</span>
          <span role="columnheader">{t('parameters.seen')}</span>
          <span role="columnheader" aria-label={t('parameters.actions')} />
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index: i, start }) => {
            const row = rows[i]!
            const place = { top: start, height }
            if (row.kind === 'more') return <MoreRow key={`more ${row.path}`} row={row} index={i} place={place} />
            return (
              <TreeRow
                key={row.path} row={row} index={i} place={place} active={i === index} selected={row.path === selected} sent={sent.get(row.path)} found={found}
                mayWrite={mayWrite} editing={editing === row.path} menuOpen={menu === row.path} onSelect={select} onToggle={onToggle}
                onEdit={setEditing} onStopEditing={stopEditing} onMenu={setMenu} onRefresh={onRefresh} onDialog={onDialog}
              />
            )
          })}
        </div>
      </div>
      <Text id="tree-keys" size="xs" c="dimmed" mt={4} visibleFrom="sm">{t('parameters.keys')}</Text>
    </>
  )
}
