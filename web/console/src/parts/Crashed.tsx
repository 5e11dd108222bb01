import { Button, Code, Container, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Stands where a page failed in the browser, as after an update of the server took its files away. */
export function Crashed({ error }: { error: unknown }) {
  const { t } = useTranslation()
  return (
    <Container py="xl" size="sm">
      <Title order={1} tabIndex={-1}>{t('parts.crashed.title')}</Title>
      <Text my="sm">{t('parts.crashed.try')}</Text>
      <Code block>{error instanceof Error ? error.message : String(error)}</Code>
      <Button mt="md" onClick={() => location.reload()}>{t('parts.crashed.reload')}</Button>
    </Container>
  )
}
