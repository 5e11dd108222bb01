import { ActionIcon, Code, CopyButton, Group, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

/** A text that is meant to be copied elsewhere. */
export function Copied({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation()
  return (
    <Group gap={4} wrap="nowrap">
      <Code style={{ overflowWrap: 'anywhere' }}>{text}</Code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('access.copied') : label}>
            <ActionIcon onClick={copy} aria-label={copied ? t('access.copied') : label}>{copied ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />}</ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  )
}
