import { memo, type MouseEvent } from 'react'
import type { Device } from '@/api/types'
import { nameOf } from '@/devices/name'
import { cellOf, type CellContext } from './cells'
import type { Column } from './columns'
import { PhoneRow } from './PhoneRow'
import classes from './table.module.css'

/** What a row tells the table. */
export interface RowActions {
  open: (id: string, elsewhere: boolean) => void
  select: (id: string, range: boolean) => void
}

export interface RowProps {
  device: Device
  index: number
  /** Where the row begins, in pixels from the first one. */
  start: number
  height: number
  columns: readonly Column[]
  template: string
  phone: boolean
  selected: boolean
  active: boolean
  context: CellContext
  actions: RowActions
}

export function rowId(id: string): string {
  return `device-${id}`
}

/** One device of the table. */
export const Row = memo(function Row({ device, index, start, height, columns, template, phone, selected, active, context, actions }: RowProps) {
  const clicked = (event: MouseEvent<HTMLElement>) => {
    const at = event.target instanceof Element ? event.target.closest('a, label, input') : null
    if (at instanceof HTMLAnchorElement) {
      // Another tab or window is the browser's to open.
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
      event.preventDefault()
      return actions.open(device.id, false)
    }
    // A checkbox does what it does, and whoever marks text does not want to leave.
    if (at || window.getSelection()?.toString()) return
    actions.open(device.id, event.ctrlKey || event.metaKey)
  }
  return (
    // The grid has the focus and names its active row; its keys do the same as a click.
    // eslint-disable-next-line jsx-a11y-x/click-events-have-key-events, jsx-a11y-x/interactive-supports-focus
    <div
      role="row" id={rowId(device.id)} aria-rowindex={index + 2} aria-selected={selected} className={classes.row} onClick={clicked}
      data-active={active || undefined} data-selected={selected || undefined} data-phone={phone || undefined}
      style={{ height, transform: `translateY(${start}px)`, gridTemplateColumns: phone ? undefined : template }}
    >
      <div role="gridcell" className={classes.check}>
        <input
          type="checkbox" className={classes.checkbox} checked={selected} tabIndex={-1} aria-label={context.select(nameOf(device))} readOnly
          onClick={(event) => actions.select(device.id, event.shiftKey)}
        />
      </div>
      {phone ? <PhoneRow device={device} context={context} /> : columns.map((column) => (
        <div key={column.name} role="gridcell" className={classes.cell}>{cellOf(device, column.name, context)}</div>
      ))}
    </div>
  )
})
