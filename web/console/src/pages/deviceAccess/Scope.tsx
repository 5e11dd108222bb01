import { Badge, Code, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** For which devices, at which listeners, something is. */
export function Scope({ filter, listeners, all }: { filter?: string; listeners?: readonly string[]; all: string }) {
  const { t } = useTranslation()
  return (
    <span>
      {filter ? <Code style={{ overflowWrap: 'anywhere' }}>{filter}</Code> : all}
      {listeners && listeners.length > 0 && <Text span size="xs" c="dimmed" display="block">{t('deviceAccess.onlyListeners', { names: listeners.join(', ') })}</Text>}
    </span>
  )
}

/** Says that something does not count at the moment. */
export function DisabledBadge() {
  const { t } = useTranslation()
  return <Badge variant="outline" color="gray">{t('deviceAccess.disabled')}</Badge>
}
