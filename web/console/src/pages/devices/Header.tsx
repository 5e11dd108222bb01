import { Checkbox, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Column } from './columns'
import { clickSort, parseSort } from './sort'
import classes from './table.module.css'
import { useColumnTitle } from './useColumnTitle'

interface HeaderProps {
  columns: readonly Column[]
  template: string
  sort: string
  onSort: (orderBy: string) => void
  selected: 'none' | 'some' | 'all'
  onSelect: () => void
}

/** The names of the columns; those that the server orders by are buttons. */
export function Header({ columns, template, sort, onSort, selected, onSelect }: HeaderProps) {
  const { t } = useTranslation()
  return (
    <div role="row" aria-rowindex={1} className={classes.header} style={{ gridTemplateColumns: template }}>
      <div role="columnheader" className={classes.check}>
        <Checkbox checked={selected === 'all'} indeterminate={selected === 'some'} onChange={onSelect} aria-label={t('devices.selectLoaded')} />
      </div>
      {columns.map((column) => <HeaderCell key={column.name} column={column} sort={sort} onSort={onSort} />)}
    </div>
  )
}

function HeaderCell({ column, sort, onSort }: { column: Column; sort: string; onSort: (orderBy: string) => void }) {
  const title = useColumnTitle()(column.name)
  const own = parseSort(sort).find((s) => s.field === column.name)
  if (!column.orders) return <div role="columnheader" className={classes.cell} title={title}>{title}</div>
  const Arrow = own?.descending ? IconArrowDown : IconArrowUp
  return (
    <div role="columnheader" aria-sort={own ? (own.descending ? 'descending' : 'ascending') : 'none'} className={classes.cell}>
      <UnstyledButton className={classes.sort} title={title} onClick={(event) => onSort(clickSort(sort, column.name, event.shiftKey))}>
        <span className={classes.cell}>{title}</span>
        {own && <Arrow size={15} stroke={2} aria-hidden />}
      </UnstyledButton>
    </div>
  )
}
