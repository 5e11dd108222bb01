import { Code, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Task } from '@/api/types'
import { Actor } from '@/parts/Actor'
import { DataList } from '@/parts/DataList'
import { TaskStateBadge } from '@/parts/StateBadge'
import { Moment } from '@/time/Moment'
import { FaultExplanation } from './FaultExplanation'
import { formatted, isEmpty } from './json'
import { TaskButtons } from './TaskButtons'
import { TaskAttempts, TaskSteps } from './TaskSteps'
import classes from './tasks.module.css'

interface TaskDetailProps {
  task: Task
  /** Opens another task: the one that this repeats, or that repeats this. */
  onOpen?: (id: string) => void
}

/** Everything that is known of one task. */
export function TaskDetail({ task, onOpen }: TaskDetailProps) {
  const { t } = useTranslation()
  return (
    <Stack gap="md">
      <div>
        <Text><TaskStateBadge state={task.state} /> – {t(`task.state.${task.state}`)}</Text>
        <Text c="dimmed">{t(`task.kind.${task.kind}.explanation`)}</Text>
      </div>
      {task.fault && <FaultExplanation fault={task.fault} />}
      <TaskButtons task={task} onRetried={(retry) => onOpen?.(retry.id)} />
      {!isEmpty(task.args) && <Part title={t('task.args')}><Json value={task.args} /></Part>}
      {task.result !== null && <Part title={t('task.result')}><Result result={task.result} /></Part>}
      <Facts task={task} onOpen={onOpen} />
      <Part title={t('task.timeline')}><TaskSteps timeline={task.timeline} /></Part>
      {task.attempts.length > 0 && <Part title={t('task.attempts')}><TaskAttempts attempts={task.attempts} /></Part>}
    </Stack>
  )
}

function Facts({ task, onOpen }: TaskDetailProps) {
  const { t } = useTranslation()
  const other = (id: string | undefined) => id && <TaskLink key="other" id={id} onOpen={onOpen} />
  return (
    <DataList facts={[
      [t('task.id'), <Code key="id">{task.id}</Code>],
      [t('task.createdBy'), <Actor key="by" actor={task.createdBy} />],
      [t('task.createdAt'), <Moment key="at" at={task.createdAt} exact />],
      [t('task.finishedAt'), task.finishedAt ? <Moment key="at" at={task.finishedAt} exact /> : undefined],
      [t('task.notBefore'), task.notBefore ? <Moment key="at" at={task.notBefore} exact /> : undefined],
      [t('task.expires'), task.expires ? <Moment key="at" at={task.expires} exact /> : undefined],
      [t('task.deadline'), task.deadline ? <Moment key="at" at={task.deadline} exact /> : undefined],
      [t('task.priority'), task.priority === 0 ? undefined : task.priority],
      [t('task.uniqueKey'), task.uniqueKey || undefined],
      [t('task.after'), task.after.length > 0 ? task.after.map((id) => <div key={id}><TaskLink id={id} onOpen={onOpen} /></div>) : undefined],
      [t('task.retryOf'), other(task.retryOf) || undefined],
      [t('task.retriedBy'), other(task.retriedBy) || undefined],
    ]} />
  )
}

function TaskLink({ id, onOpen }: { id: string; onOpen?: (id: string) => void }) {
  if (!onOpen) return <Code>{id}</Code>
  return <button type="button" className={classes.link} onClick={() => onOpen(id)}>{id}</button>
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Title order={3} size="h4" mb={4}>{title}</Title>
      {children}
    </section>
  )
}

function Result({ result }: { result: Task['result'] }) {
  const { t } = useTranslation()
  return isEmpty(result) ? <Text c="dimmed">{t('task.noResult')}</Text> : <Json value={result} />
}

/** Any value as indented JSON. */
export function Json({ value }: { value: unknown }) {
  // A long text scrolls, and what scrolls has to be reachable by keyboard.
  // eslint-disable-next-line jsx-a11y-x/no-noninteractive-tabindex
  return <pre className={classes.json} tabIndex={0}>{formatted(value)}</pre>
}
