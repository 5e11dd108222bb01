import { Code, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/types'
import { useLevelText } from './words'

/** What levels declare for the device without effect, and why. */
export function Unused({ unused }: { unused: readonly Schemas['UnusedSetting'][] }) {
  const { t } = useTranslation()
  const levelText = useLevelText()
  if (unused.length === 0) return null
  return (
    <section aria-labelledby="unused-settings">
      <Title order={2} size="h4" id="unused-settings">{t('settings.unused')}</Title>
      <ul style={{ margin: 0, paddingLeft: 20 }}>
        {unused.map(({ path, level, reason }) => (
          <li key={`${level.kind} ${level.id ?? ''} ${path}`}><Code fz="xs">{path}</Code> <Text span size="sm" c="dimmed">{levelText(level)}: {reason}</Text></li>
        ))}
      </ul>
    </section>
  )
}
