import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, type ReactNode } from 'react'
import { Row } from './Row'
import { moveInRows } from './rowKeys'
import classes from './VirtualTable.module.css'

/** A column of a table. */
export interface Column<Item> {
  key: string
  title: string
  /** Its width as a track of a CSS grid, such as minmax(8rem, 2fr). */
  width: string
  cell: (item: Item) => ReactNode
}

export interface VirtualTableProps<Item> {
  /** What the table has, for those who listen. */
  label: string
  columns: readonly Column<Item>[]
  items: readonly Item[]
  idOf: (item: Item) => string
  /** Opens an item; the content of its first column becomes a button. */
  onOpen?: (id: string) => void
  /** The item that is open. */
  open?: string
  /** What stands below the row of the open item. */
  detail?: (item: Item) => ReactNode
  /** Called when the last rows come into sight. */
  onEnd?: () => void
  /** How many there are in all, if it is more than the items that were read. */
  total?: number
}

/** A table of any length: only the rows in sight are made. On a phone each row is a card. */
export function VirtualTable<Item>(props: VirtualTableProps<Item>) {
  const { label, columns, items, idOf, onEnd, total } = props
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 38,
    overscan: 12,
    getItemKey: (index) => idOf(items[index]!),
  })
  const shown = rows.getVirtualItems()
  const last = shown.at(-1)?.index ?? -1
  useEffect(() => {
    if (last >= items.length - 10) onEnd?.()
  }, [last, items.length, onEnd])
  const tracks = { '--tracks': columns.map((column) => column.width).join(' ') } as React.CSSProperties
  return (
    // The keys only add to what Tab reaches anyway.
    // eslint-disable-next-line jsx-a11y-x/no-noninteractive-element-interactions
    <div role="table" aria-label={label} aria-rowcount={Math.max(total ?? 0, items.length) + 1} className={classes.table} style={tracks} onKeyDown={moveInRows}>
      <div ref={scroller} className={classes.scroller} role="presentation" style={{ '--rows': `${rows.getTotalSize()}px` } as React.CSSProperties}>
        <div role="rowgroup" className={classes.head}>
          <div role="row" aria-rowindex={1} className={classes.row}>
            {columns.map((column) => <div key={column.key} role="columnheader" className={classes.cell}>{column.title}</div>)}
          </div>
        </div>
        <div role="rowgroup" className={classes.body} style={{ height: rows.getTotalSize() }}>
          {shown.map((place) => (
            <Row key={place.key} {...props} item={items[place.index]!} index={place.index} start={place.start} measure={rows.measureElement} />
          ))}
        </div>
      </div>
    </div>
  )
}
