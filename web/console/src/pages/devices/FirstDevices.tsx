import { ActionIcon, Code, CopyButton, Group, List, Text, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/parts/EmptyState'

const cwmpPort = 7547

/** The address that phones are given, if the server listens at its usual port. */
export function acsURL(hostname: string): string {
  return `http://${hostname}:${cwmpPort}/`
}

/** Stands where the server knows no device yet: how the first ones come. */
export function FirstDevices() {
  const { t } = useTranslation()
  const url = acsURL(location.hostname)
  return (
    <EmptyState title={t('devices.first.title')}>
      <List type="ordered" ta="left" spacing="sm" mt="sm">
        <List.Item>
          <Text>{t('devices.first.phone')}</Text>
          <Copied text={url} label={t('devices.first.copyURL')} />
          <Text size="sm">{t('devices.first.port')}</Text>
        </List.Item>
        <List.Item>
          <Text>{t('devices.first.simulator')}</Text>
          <Copied text={`bin/dialtone sim --acs ${url} --devices 5 --duration 0`} label={t('devices.first.copyCommand')} />
        </List.Item>
      </List>
      <Text mt="sm">{t('devices.first.then')}</Text>
    </EmptyState>
  )
}

function Copied({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation()
  return (
    <Group gap={4} wrap="nowrap" my={4}>
      <Code style={{ overflowWrap: 'anywhere' }}>{text}</Code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('devices.first.copied') : label}>
            <ActionIcon size="md" onClick={copy} aria-label={copied ? t('devices.first.copied') : label}>
              {copied ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  )
}
