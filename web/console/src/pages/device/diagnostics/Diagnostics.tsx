import { SimpleGrid, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/auth/me'
import { DiagnosticCard } from './DiagnosticCard'
import { diagnosticKinds } from './kinds'

/** What the phone can test from where it stands, and what came of it. */
export default function Diagnostics() {
  const { t } = useTranslation()
  const may = useMay('tasks.write')
  return (
    <>
      <Text c="dimmed" size="xs" mb="xs" maw="60rem">{t('diagnostics.explanation')} {!may && t('device.lacks', { permission: 'tasks.write' })}</Text>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md" style={{ alignItems: 'start' }}>
        {diagnosticKinds.map((kind) => <DiagnosticCard key={kind} kind={kind} may={may} />)}
      </SimpleGrid>
    </>
  )
}
