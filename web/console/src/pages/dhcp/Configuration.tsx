import { Button, Card, Group, List, Stack, Text, Title } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DhcpConfiguration } from '@/api/types'
import { copyText } from '@/pages/device/parameters/copy'
import { Copied } from '@/provisioning/Copied'
import { TextBlock } from '@/provisioning/TextBlock'

/** A configuration ready to paste, what to check afterwards, and what to mind. */
export function Configuration({ configuration: { parts, checks, notes } }: { configuration: DhcpConfiguration }) {
  const { t } = useTranslation()
  return (
    <>
      <Card withBorder component="section" aria-labelledby="configuration">
        <Title order={2} id="configuration" mb="xs">{t('dhcp.configuration')}</Title>
        <Stack gap="md">{parts.map((part) => <Part key={part.filename + part.text} part={part} />)}</Stack>
      </Card>
      {notes.length > 0 && (
        <Card withBorder component="section" aria-labelledby="notes">
          <Title order={2} id="notes" mb="xs">{t('dhcp.notes')}</Title>
          <List spacing={4}>{notes.map((note) => <List.Item key={note}>{note}</List.Item>)}</List>
        </Card>
      )}
      {checks.length > 0 && (
        <Card withBorder component="section" aria-labelledby="checks">
          <Title order={2} id="checks" mb={4}>{t('dhcp.checks')}</Title>
          <Text c="dimmed" size="xs" mb="xs">{t('dhcp.checksMean')}</Text>
          <List type="ordered" spacing="sm">
            {checks.map(({ command, expect }) => (
              <List.Item key={command}>
                <Copied text={command} label={t('dhcp.copyCommand')} />
                <Text size="sm">{expect}</Text>
              </List.Item>
            ))}
          </List>
        </Card>
      )}
    </>
  )
}

function Part({ part: { filename, text } }: { part: DhcpConfiguration['parts'][number] }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  // Most such pages are served without TLS, where the browser's clipboard is closed to other ways of copying.
  const copy = async () => setCopied(await copyText(text))
  return (
    <div>
      <Group justify="space-between">
        <Text ff="monospace" size="sm">{filename}</Text>
        <Button size="xs" variant="default" leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />} onClick={() => void copy()} aria-label={t('dhcp.copyOne', { name: filename })}>
          {t(copied ? 'access.copied' : 'dhcp.copy')}
        </Button>
      </Group>
      <TextBlock label={filename} text={text} />
    </div>
  )
}
