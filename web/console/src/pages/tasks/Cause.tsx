import { Anchor, Button, Card, Group, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { TaskCause, TaskKind } from '@/api/types'
import { useMay } from '@/auth/me'
import { FaultExplanation } from '@/tasks/FaultExplanation'
import { KindName } from '@/tasks/KindName'
import { Moment } from '@/time/Moment'

interface CauseProps {
  cause: TaskCause
  onOpen: (id: string) => void
  onRetry: () => void
}

/** One cause: how many tasks failed of it, what it means, and what can be done. */
export function Cause({ cause, onOpen, onRetry }: CauseProps) {
  const { t, i18n } = useTranslation()
  const may = useMay('tasks.write')
  const { kind, code, reason, text, count, first, last, sample, filter } = cause
  return (
    <Card withBorder component="li" p="sm">
      <Group justify="space-between" align="flex-start" mb="xs">
        <div>
          <Title order={2} size="h3">{t('tasks.failed', { count, number: count.toLocaleString(i18n.language) })}: <KindName kind={kind as TaskKind} /></Title>
          <Text c="dimmed" size="sm">{t('tasks.first')} <Moment at={first} />, {t('tasks.last')} <Moment at={last} /></Text>
        </div>
        <Group gap="xs">
          <Button component={Link} to="/tasks" search={{ filter } as never} variant="default">{t('tasks.showAll')}</Button>
          <Button onClick={onRetry} disabled={!may} title={may ? undefined : t('task.mayNot')}>{t('tasks.retryAll')}</Button>
        </Group>
      </Group>
      <FaultExplanation fault={{ code, reason, string: text, parameters: [] }} />
      {sample.length > 0 && (
        <Text size="sm" mt="xs">
          {t('tasks.newest')}{' '}
          {sample.map((id, i) => <span key={id}>{i > 0 && ', '}<Anchor component="button" size="sm" onClick={() => onOpen(id)}>{id}</Anchor></span>)}
        </Text>
      )}
    </Card>
  )
}
