import { Anchor, Card, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Task } from '@/api/types'
import { equals } from '@/listing/filters'
import { Loaded } from '@/parts/Loaded'
import { TaskStateBadge } from '@/parts/StateBadge'
import { FaultExplanation } from '@/tasks/FaultExplanation'
import { TaskSubject } from '@/tasks/KindName'
import { isOpen } from '@/tasks/kinds'
import { Moment } from '@/time/Moment'
import { useDeviceScope } from '../context'
import { testsQuery } from './api'
import classes from './diagnostics.module.css'
import type { DiagnosticKind } from './kinds'
import { Outcome } from './Outcome'
import { TestForm } from './TestForm'

/** One kind of test: its form, and what came of the last ones. */
export function DiagnosticCard({ kind, may }: { kind: DiagnosticKind; may: boolean }) {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const tests = useQuery(testsQuery(device.id, kind))
  const id = `diagnostic-${kind}`
  return (
    <Card withBorder component="section" aria-labelledby={id}>
      <Title order={2} id={id}>{t(`task.kind.${kind}.name`)}</Title>
      <Text c="dimmed" size="xs" mb="xs">{t(`task.kind.${kind}.explanation`)}</Text>
      {may && <TestForm kind={kind} />}
      <Loaded query={tests}>
        {({ items, totalSize = 0 }) => items.length === 0 ? <Text c="dimmed" mt="xs">{t('diagnostics.none')}</Text> : (
          <>
            <ol className={classes.tests} aria-label={t('diagnostics.results')} aria-live="polite">{items.map((task, i) => <Test key={task.id} task={task} kind={kind} newest={i === 0} />)}</ol>
            {totalSize > items.length && (
              <Anchor component={Link} size="sm" to={'/tasks' as string} search={{ kind, filter: equals('device', device.id) } as never}>{t('diagnostics.all', { count: totalSize })}</Anchor>
            )}
          </>
        )}
      </Loaded>
    </Card>
  )
}

function Test({ task, kind, newest }: { task: Task; kind: DiagnosticKind; newest: boolean }) {
  const { t } = useTranslation()
  const { openTask } = useDeviceScope()
  return (
    <li>
      <div className={classes.line}>
        <TaskStateBadge state={task.state} />
        <TaskSubject task={task} />
        <Moment at={task.createdAt} />
        <Anchor component="button" type="button" size="sm" onClick={() => openTask(task.id)}>{t('task.details')}</Anchor>
      </div>
      {isOpen(task.state) && <Text size="xs" c="dimmed">{t(`task.state.${task.state}`)}</Text>}
      {task.fault && newest && <FaultExplanation fault={task.fault} brief />}
      {task.state === 'succeeded' && <Outcome kind={kind} result={task.result} brief={!newest} />}
    </li>
  )
}
