import { Kbd, Modal, Switch, Table, Title } from '@mantine/core'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/auth/me'
import { pages } from '@/pages/registry'
import { keyHelp, keyName } from './keyHelp'
import { destinations } from './page'
import { useShortcutsOn } from './useShortcuts'

/** Shows every key that does something. */
export default function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [on, setOn] = useShortcutsOn()
  const own = destinations(pages, useMe()).filter((page) => page.shortcut)
  return (
    <Modal opened onClose={onClose} title={t('shortcuts.title')} size="lg" closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <Switch checked={on} onChange={(event) => setOn(event.currentTarget.checked)} label={t('shortcuts.on')} description={t('shortcuts.onExplanation')} mb="md" />
      <Keys title={t('shortcuts.everywhere')}>
        <Row keys={['Ctrl+K']} does={t('shortcuts.palette')} />
        <Row keys={['?']} does={t('shortcuts.help')} />
        {own.map((page) => <Row key={page.path} keys={page.shortcut!.split(' ')} does={t('shortcuts.open', { page: t(page.title) })} between={t('shortcuts.then')} />)}
      </Keys>
      {keyHelp.map(({ title, rows }) => (
        <Keys key={title} title={t(title)}>{rows.map(({ keys, does }) => <Row key={keys.join(' ')} keys={keys} does={t(does)} />)}</Keys>
      ))}
    </Modal>
  )
}

function Keys({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title}>
      <Title order={3} size="h4" mb={4}>{title}</Title>
      <Table highlightOnHover={false} mb="md" aria-label={title}><Table.Tbody>{children}</Table.Tbody></Table>
    </section>
  )
}

/** A line of keys with what they do. Keys that a text joins by + are pressed together; between stands between the others. */
function Row({ keys, does, between = ' ' }: { keys: readonly string[]; does: string; between?: string }) {
  const { t } = useTranslation()
  const one = (key: string) => <Kbd>{keyName(key, (text) => t(text))}</Kbd>
  return (
    <Table.Tr>
      <Table.Td w={220}>
        {keys.map((text, i) => (
          <Fragment key={text}>
            {i > 0 && ` ${between} `}
            {text.split('+').map((key, n) => <Fragment key={key}>{n > 0 && ' + '}{one(key)}</Fragment>)}
          </Fragment>
        ))}
      </Table.Td>
      <Table.Td>{does}</Table.Td>
    </Table.Tr>
  )
}
