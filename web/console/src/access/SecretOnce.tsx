import { Alert, Button, Code, CopyButton, Group, Stack } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

interface SecretOnceProps {
  /** What it is: "Password of anna". */
  title: string
  secret: string
  /** What to do with it, and that it is not shown again. */
  children: string
  onDone: () => void
}

/** Shows a secret that the server tells only once. */
export function SecretOnce({ title, secret, children, onDone }: SecretOnceProps) {
  const { t } = useTranslation()
  return (
    <Stack gap="sm">
      <Alert variant="outline" color="yellow" title={title} styles={{ title: { color: 'var(--dialtone-warn)' } }} role="status">{children}</Alert>
      <Code block role="group" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }} aria-label={title}>{secret}</Code>
      <Group justify="space-between">
        <CopyButton value={secret} timeout={3000}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy} leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />} aria-live="polite">
              {copied ? t('access.copied') : t('access.copy')}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>{t('access.kept')}</Button>
      </Group>
    </Stack>
  )
}
