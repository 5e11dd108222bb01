import { UnstyledButton } from '@mantine/core'
import type { VirtualTableProps } from './VirtualTable'
import classes from './VirtualTable.module.css'

interface RowProps<Item> extends VirtualTableProps<Item> {
  item: Item
  index: number
  /** Where it begins, in pixels. */
  start: number
  measure: (row: Element | null) => void
}

/** One row of a VirtualTable, with what stands below it while it is open. */
export function Row<Item>({ item, index, start, measure, columns, idOf, onOpen, open, detail }: RowProps<Item>) {
  const id = idOf(item)
  const isOpen = open === id
  const first = columns[0]!
  return (
    <div ref={measure} data-index={index} className={classes.place} style={{ transform: `translateY(${start}px)` }} role="presentation">
      <div role="row" aria-rowindex={index + 2} className={classes.row} data-open={isOpen || undefined}>
        <div role="cell" className={classes.cell} data-title={first.title}>
          {onOpen ? (
            <UnstyledButton className={classes.open} data-row-button="" onClick={() => onOpen(id)} {...(detail ? { 'aria-expanded': isOpen } : { 'aria-haspopup': 'dialog' })}>
              {first.cell(item)}
            </UnstyledButton>
          ) : first.cell(item)}
        </div>
        {columns.slice(1).map((column) => (
          <div key={column.key} role="cell" className={classes.cell} data-title={column.title}>{column.cell(item)}</div>
        ))}
      </div>
      {isOpen && detail && <div role="row" className={classes.detail}><div role="cell">{detail(item)}</div></div>}
    </div>
  )
}
