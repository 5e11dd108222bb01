import { notifications } from '@mantine/notifications'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { isTyping } from '@/shell/shortcuts'
import type { Book } from './book'
import { copyText } from './copy'
import { mayDelete, mayEdit } from './deeds'
import type { DialogRequest } from './Dialogs'
import { parentOf } from './paths'
import type { Row } from './rows'
import { isBoolean } from './values'

const page = 15

interface Keys {
  rows: readonly Row[]
  /** The line that has the focus. */
  index: number
  book: Book
  mayWrite: boolean
  move: (index: number) => void
  onToggle: (path: string, open: boolean) => void
  onRefresh: (path: string) => void
  onDialog: (request: DialogRequest) => void
  onEdit: (path: string) => void
  onMenu: (path: string) => void
}

/** What the keys do in the tree, as the pattern of a treegrid has it, and a few letters of its own. */
export function useTreeKeys({ rows, index, book, mayWrite, move, onToggle, onRefresh, onDialog, onEdit, onMenu }: Keys) {
  const { t } = useTranslation()
  return (event: KeyboardEvent<HTMLElement>) => {
    const row = rows[index]
    if (!row || row.kind !== 'node' || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
    const onRow = event.target instanceof HTMLElement && event.target.getAttribute('role') === 'row'
    const deeds: Record<string, (() => void) | undefined> = {
      ArrowDown: () => move(index + 1),
      ArrowUp: () => move(index - 1),
      PageDown: () => move(index + page),
      PageUp: () => move(index - page),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      ArrowRight: () => (row.object && !row.open ? onToggle(row.path, true) : move(index + 1)),
      ArrowLeft: () => {
        if (row.object && row.open) onToggle(row.path, false)
        else move(rows.findIndex((r) => r.path === parentOf(row.path)))
      },
      Enter: onRow ? () => enter(row) : undefined,
      c: onRow ? () => void copyText(row.path).then((ok) => notifications.show({ message: t(ok ? 'parameters.copied' : 'parameters.notCopied', { path: row.path }) })) : undefined,
      r: onRow && mayWrite && row.object ? () => onRefresh(row.path) : undefined,
      m: onRow ? () => onMenu(row.path) : undefined,
      Delete: onRow && mayWrite && mayDelete(book, row.path) ? () => onDialog({ kind: 'delete', path: row.path }) : undefined,
    }
    const deed = deeds[event.key]
    if (!deed) return
    event.preventDefault()
    event.stopPropagation()
    deed()
  }

  function enter(row: Extract<Row, { kind: 'node' }>) {
    if (row.object) return onToggle(row.path, !row.open)
    const parameter = book.index.get(row.path)
    if (!mayWrite || !mayEdit(parameter)) return
    if (isBoolean(parameter.type)) document.querySelector<HTMLElement>(`[data-index="${index}"] input`)?.click()
    else onEdit(row.path)
  }
}
