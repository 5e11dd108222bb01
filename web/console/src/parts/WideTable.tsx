import { Table } from '@mantine/core'
import type { ReactNode } from 'react'

interface WideTableProps {
  /** The id of the heading that names the table. */
  labelledBy: string
  /** Below this width, in pixels, it scrolls sideways. */
  minWidth: number
  children: ReactNode
}

/** A table that scrolls sideways where the screen is narrow, with the arrow keys, too. */
export function WideTable({ labelledBy, minWidth, children }: WideTableProps) {
  return (
    <Table.ScrollContainer minWidth={minWidth} type="native" tabIndex={0} role="region" aria-labelledby={labelledBy}>
      <Table aria-labelledby={labelledBy}>{children}</Table>
    </Table.ScrollContainer>
  )
}
