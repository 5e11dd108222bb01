import { Alert, Anchor, List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { RetryOutcome, TaskKind } from '@/api/types'
import { KindName } from '@/tasks/KindName'
import { DeviceName } from '@/devices/DeviceName'

interface RefusalsProps {
  /** How many were refused. */
  count: number
  /** Those of them that the server tells of. */
  refusals: RetryOutcome['refusals']
  onOpen: (task: string) => void
}

/** Which tasks could not be retried, and why. */
export function Refusals({ count, refusals, onOpen }: RefusalsProps) {
  const { t, i18n } = useTranslation()
  const more = count - refusals.length
  if (refusals.length === 0) return <Alert variant="outline" color="yellow" mb="xs">{t('tasks.retryRefused')}</Alert>
  return (
    <Alert variant="outline" color="yellow" mb="xs" title={t('tasks.refusals.which')}>
      <List size="sm">
        {refusals.map(({ task, device, kind, reason }) => (
          <List.Item key={task}>
            <Anchor component="button" type="button" size="sm" onClick={() => onOpen(task)}><KindName kind={kind as TaskKind} /></Anchor> · <DeviceName id={device} />: {t(`tasks.refusals.reason.${reason}`)}
          </List.Item>
        ))}
      </List>
      {more > 0 && <Text size="sm" mt={4}>{t('tasks.refusals.more', { count: more, number: more.toLocaleString(i18n.language) })}</Text>}
    </Alert>
  )
}
