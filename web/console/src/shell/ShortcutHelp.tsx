import { Kbd, Modal, Switch, Table } from '@mantine/core'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/auth/me'
import { pages } from '@/pages/registry'
import { destinations } from './page'
import { useShortcutsOn } from './useShortcuts'

/** Shows every key that does something. */
export default function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [on, setOn] = useShortcutsOn()
  const own = destinations(pages, useMe()).filter((page) => page.shortcut)
  return (
    <Modal opened onClose={onClose} title={t('shortcuts.title')} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <Table highlightOnHover={false} mb="md">
        <Table.Tbody>
          <Row keys={['Ctrl', 'K']} does={t('shortcuts.palette')} together />
          <Row keys={['?']} does={t('shortcuts.help')} />
          {own.map((page) => <Row key={page.path} keys={page.shortcut!.split(' ')} does={t('shortcuts.open', { page: t(page.title) })} />)}
        </Table.Tbody>
      </Table>
      <Switch checked={on} onChange={(event) => setOn(event.currentTarget.checked)} label={t('shortcuts.on')} description={t('shortcuts.onExplanation')} />
    </Modal>
  )
}

function Row({ keys, does, together = false }: { keys: string[]; does: string; together?: boolean }) {
  const { t } = useTranslation()
  return (
    <Table.Tr>
      <Table.Td w={140}>
        {keys.map((key, i) => <Fragment key={key}>{i > 0 && (together ? ' + ' : ` ${t('shortcuts.then')} `)}<Kbd>{key}</Kbd></Fragment>)}
      </Table.Td>
      <Table.Td>{does}</Table.Td>
    </Table.Tr>
  )
}
