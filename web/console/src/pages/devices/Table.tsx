import { useMediaQuery } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useElementScrollRestoration } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { alarmName } from '@/devices/alarms'
import { deviceStates } from '@/devices/state'
import { provisioningStates } from '@/provisioning/state'
import { useNow } from '@/time/now'
import type { CellContext } from './cells'
import { gridTemplate, leastWidth, type Column } from './columns'
import { Header } from './Header'
import { Row, rowId, type RowActions } from './Row'
import { isSelected, type Selection } from './selection'
import classes from './table.module.css'
import { gridCommand, type TableCommand } from './tableKeys'
import type { DeviceList } from './useDeviceList'

const scrollId = 'devices'
const headerHeight = 36
const rowHeight = 34
const phoneRowHeight = 62

interface TableProps {
  list: DeviceList
  columns: readonly Column[]
  sort: string
  onSort: (orderBy: string) => void
  selection: Selection
  active: string
  actions: RowActions
  onSelectLoaded: () => void
  onCommand: (command: TableCommand) => void
  gridRef: React.RefObject<HTMLDivElement | null>
}

/** The devices as a table of which only the rows on the screen exist. */
export function Table({ list, columns, sort, onSort, selection, active, actions, onSelectLoaded, onCommand, gridRef }: TableProps) {
  const { t } = useTranslation()
  const phone = useMediaQuery('(max-width: 47.99em)', undefined, { getInitialValueInEffect: false }) ?? false
  const height = phone ? phoneRowHeight : rowHeight
  const before = useElementScrollRestoration({ id: scrollId })
  const { rows, see } = list
  const virtual = useVirtualizer({
    count: rows.length, getScrollElement: () => gridRef.current, estimateSize: () => height, overscan: 15,
    scrollMargin: phone ? 0 : headerHeight, scrollPaddingStart: phone ? 0 : headerHeight, initialOffset: before?.scrollY ?? 0,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  useEffect(() => see({ first, last }), [see, first, last])
  useEffect(() => virtual.measure(), [virtual, height])

  const activeAt = useMemo(() => rows.findIndex((row) => row.id === active), [rows, active])
  const shown = useRef(active)
  useEffect(() => {
    // Only a move of the viewer's scrolls, not a row that moved by itself.
    if (shown.current === active || activeAt < 0) return
    shown.current = active
    virtual.scrollToIndex(activeAt, { align: 'auto' })
  }, [virtual, active, activeAt])

  const context = useCellContext()
  const template = gridTemplate(columns)
  const pressed = (event: KeyboardEvent) => {
    // A header's button and a checkbox have keys of their own.
    if (event.target !== event.currentTarget) return
    const command = gridCommand(event, Math.max(1, Math.floor((virtual.scrollRect?.height ?? 0) / height) - 2))
    if (!command) return
    event.preventDefault()
    onCommand(command)
  }
  const count = selection.all || (rows.length > 0 && selection.ids.size >= rows.length) ? 'all' : selection.ids.size === 0 ? 'none' : 'some'
  return (
    <div
      ref={gridRef} className={classes.grid} role="grid" tabIndex={0} aria-label={t('devices.title')} aria-multiselectable onKeyDown={pressed}
      aria-rowcount={list.total === undefined ? -1 : list.total + 1} aria-activedescendant={activeAt >= 0 ? rowId(active) : undefined}
      aria-busy={list.old || list.loadingMore} data-old={list.old || undefined} data-scroll-restoration-id={scrollId}
    >
      <div style={{ minWidth: phone ? undefined : leastWidth(columns) }}>
        {!phone && <Header columns={columns} template={template} sort={sort} onSort={onSort} selected={count} onSelect={onSelectLoaded} />}
        <div className={classes.rows} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {/* The rows of another list or order take the places of those before: to change a row takes less than to make one. */}
          {items.map((item) => {
            const device = rows[item.index]
            return device && (
              <Row
                key={item.index} device={device} index={item.index} start={item.start - (phone ? 0 : headerHeight)} height={height} columns={columns} template={template}
                phone={phone} selected={isSelected(selection, device.id)} active={device.id === active} context={context} actions={actions}
              />
            )
          })}
        </div>
      </div>
    </div>
  )
}

function useCellContext(): CellContext {
  const { t, i18n } = useTranslation()
  const now = useNow()
  return useMemo(() => ({
    quarantined: t('state.quarantinedMeans'), alarms: (count: number) => t('state.alarms', { count }), alarm: (kind) => t(`alarm.${alarmName(kind)}.name`, { kind }),
    now, language: i18n.language, never: t('time.never'), select: (device: string) => t('devices.select', { device }),
    states: Object.fromEntries(deviceStates.map((state) => [state, t(`state.device.${state}`)])) as CellContext['states'],
    provisioning: Object.fromEntries(provisioningStates.map((state) => [state, t(`provisioning.state.${state}`)])) as CellContext['provisioning'],
  }), [now, i18n.language, t])
}
