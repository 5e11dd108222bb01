import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Task, TaskState } from '@/api/types'
import { TaskStateBadge } from '@/parts/StateBadge'
import { duration } from '@/time/format'
import { Moment } from '@/time/Moment'
import { FaultExplanation } from './FaultExplanation'
import classes from './tasks.module.css'

/** Every change of state of a task, the oldest first. */
export function TaskSteps({ timeline }: { timeline: Task['timeline'] }) {
  return (
    <ol className={classes.steps}>
      {timeline.map((step, i) => (
        <li key={`${step.at} ${i}`}>
          <TaskStateBadge state={step.state as TaskState} />
          <Moment at={step.at} exact />
          {step.reason && <Text size="xs" c="dimmed">{step.reason}</Text>}
        </li>
      ))}
    </ol>
  )
}

/** Each time that a session tried a task, and why it did not come to an end there. */
export function TaskAttempts({ attempts }: { attempts: Task['attempts'] }) {
  const { t, i18n } = useTranslation()
  return (
    <ol className={classes.steps}>
      {attempts.map((attempt, i) => (
        <li key={attempt.startedAt}>
          <span>{t('task.attempt', { number: i + 1 })}</span>
          <span>
            <Moment at={attempt.startedAt} exact />
            {attempt.endedAt && ` · ${duration(Date.parse(attempt.endedAt) - Date.parse(attempt.startedAt), i18n.language)}`}
          </span>
          <Text size="xs" c="dimmed">{t('task.session')} {attempt.session}</Text>
          {attempt.fault && <FaultExplanation fault={attempt.fault} />}
        </li>
      ))}
    </ol>
  )
}
