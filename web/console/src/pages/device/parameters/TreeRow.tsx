import { ActionIcon } from '@mantine/core'
import { IconChevronDown, IconChevronRight, IconDots, IconEye } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Moment } from '@/time/Moment'
import { useBook } from './context'
import type { DialogRequest } from './Dialogs'
import { Marked } from './Marked'
import { nameOf } from './paths'
import { RowMenu } from './RowMenu'
import type { Row } from './rows'
import type { SentState } from './sent'
import classes from './Tree.module.css'
import { ValueCell } from './ValueCell'
import { shortType } from './values'

export interface TreeRowProps {
  row: Extract<Row, { kind: 'node' }>
  index: number
  place: { top: number; height: number }
  active: boolean
  selected: boolean
  sent: SentState | undefined
  found: string
  mayWrite: boolean
  editing: boolean
  menuOpen: boolean
  onSelect: (path: string) => void
  onToggle: (path: string, open: boolean) => void
  onEdit: (path: string) => void
  onStopEditing: () => void
  onMenu: (path: string | undefined) => void
  onRefresh: (path: string) => void
  onDialog: (request: DialogRequest) => void
}

/** A line of the tree: an object that opens, or a parameter with its value. */
export function TreeRow(props: TreeRowProps) {
  const { row, index, place, active, selected, found, menuOpen, onSelect, onToggle, onMenu } = props
  const { t } = useTranslation()
  const { book } = useBook()
  const parameter = book.index.get(row.path)
  const tab = active ? 0 : -1
  const Sign = row.open ? IconChevronDown : IconChevronRight
  return (
    // The keys are those of the treegrid around it.
    // eslint-disable-next-line jsx-a11y-x/click-events-have-key-events
    <div
      className={classes.row} role="row" data-index={index} data-active={active || undefined} aria-selected={selected} tabIndex={tab} style={{ ...place, '--depth': row.depth } as React.CSSProperties}
      aria-level={row.depth + 1} aria-posinset={row.position} aria-setsize={row.siblings} aria-rowindex={index + 2} aria-expanded={row.object ? row.open : undefined}
      onClick={() => onSelect(row.path)}
    >
      <span className={classes.name} role="rowheader" title={row.path}>
        {row.object
          ? (
            <button type="button" className={classes.toggle} tabIndex={-1} onClick={() => onToggle(row.path, !row.open)}
              aria-label={t(row.open ? 'parameters.close' : 'parameters.open', { name: nameOf(row.path) })}><Sign size={16} aria-hidden /></button>
          ) : <span className={classes.toggle} />}
        <span className={classes.label} data-object={row.object || undefined}><Marked text={nameOf(row.path)} wanted={found} /></span>
      </span>
      <span className={classes.value} role="gridcell">{parameter && !row.object && <ValueCell {...props} parameter={parameter} tab={tab} />}</span>
      <span className={classes.type} role="gridcell">
        {parameter && shortType(parameter.type)}
        {!!parameter?.notification && <IconEye size={14} className={classes.watch} aria-label={t(`parameters.notification.${parameter.notification}`)} />}
      </span>
      <span className={classes.seen} role="gridcell">{parameter && !row.object && <Moment at={parameter.updatedAt} never="–" />}</span>
      <span className={classes.actions} role="gridcell">
        {menuOpen
          ? <RowMenu {...props} parameter={parameter} />
          : <ActionIcon size="sm" tabIndex={tab} aria-haspopup="menu" aria-label={t('parameters.menu', { name: nameOf(row.path) })} onClick={() => onMenu(row.path)}><IconDots size={16} aria-hidden /></ActionIcon>}
      </span>
    </div>
  )
}
