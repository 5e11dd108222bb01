import { ActionIcon, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconBell, IconCopy, IconDots, IconEye, IconPencil, IconPlus, IconRefresh, IconTrash, type Icon } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Parameter } from '@/api/types'
import { useMay } from '@/auth/me'
import { useDeviceScope } from '../context'
import { useAttempt } from '../useAttempt'
import { useBook } from './context'
import { copyText } from './copy'
import { mayAdd, mayDelete, mayEdit } from './deeds'
import { nameOf } from './paths'
import type { TreeRowProps } from './TreeRow'
import { isBoolean } from './values'

/** What can be done with a line of the tree. */
export function RowMenu({ row, parameter, mayWrite, onMenu, onEdit, onRefresh, onDialog }: TreeRowProps & { parameter: Parameter | undefined }) {
  const { t } = useTranslation()
  const { book } = useBook()
  const { queue } = useDeviceScope()
  const mayReveal = useMay('secrets.reveal')
  const attempt = useAttempt()
  const { path } = row
  const copy = (text: string) => void copyText(text).then((ok) => notifications.show({ message: t(ok ? 'parameters.copied' : 'parameters.notCopied', { path: text }) }))
  const read = () => (row.object ? onRefresh(path) : void attempt.run(() => queue({ kind: 'getParameterValues', paths: [path] })))
  const items: [boolean, Icon, string, () => void][] = [
    [mayWrite && mayEdit(parameter) && !isBoolean(parameter.type), IconPencil, t('parameters.edit'), () => onEdit(path)],
    [mayReveal && parameter?.secret === true, IconEye, t('parameters.reveal.action'), () => onDialog({ kind: 'reveal', path })],
    [true, IconCopy, t('parameters.copyPath'), () => copy(path)],
    [parameter?.value != null, IconCopy, t('parameters.copyValue'), () => copy(parameter?.value ?? '')],
    [mayWrite, IconRefresh, t(row.object ? 'parameters.refresh' : 'parameters.readOne'), read],
    [mayWrite && !row.object, IconBell, t('parameters.notification.action'), () => onDialog({ kind: 'notification', path })],
    [mayWrite && mayAdd(book, path), IconPlus, t('parameters.add.action'), () => onDialog({ kind: 'add', path })],
    [mayWrite && mayDelete(book, path), IconTrash, t('parameters.delete.action'), () => onDialog({ kind: 'delete', path })],
  ]
  return (
    <Menu opened onChange={(open) => !open && onMenu(undefined)} position="bottom-end" returnFocus>
      <Menu.Target><ActionIcon size="sm" aria-label={t('parameters.menu', { name: nameOf(path) })}><IconDots size={16} aria-hidden /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        {items.filter(([shown]) => shown).map(([, Sign, text, deed]) => (
          <Menu.Item key={text} leftSection={<Sign size={16} aria-hidden />} onClick={deed}>{text}</Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
