import { Anchor, Code, Text } from '@mantine/core'
import { IconArrowsExchange, IconBolt, IconListCheck, IconUserEdit, type Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { TaskState, TimelineItem } from '@/api/types'
import { Actor } from '@/parts/Actor'
import { TaskStateBadge } from '@/parts/StateBadge'
import { KindName, TaskSubject } from '@/tasks/KindName'
import { localeOf } from '@/time/locale'
import { Moment } from '@/time/Moment'
import { useDeviceScope } from '../context'
import { EventName } from '../EventName'
import { SessionOutcome } from '../sessions/SessionOutcome'
import type { Line, TimelineKind } from './days'
import classes from './timeline.module.css'

const signs: Record<TimelineKind, Icon> = { task: IconListCheck, session: IconArrowsExchange, event: IconBolt, audit: IconUserEdit }

/** A line of the timeline: the name of a day, or something that happened. */
export function TimelineLine({ line }: { line: Line }) {
  const { t, i18n } = useTranslation()
  if (line.kind === 'day') return <h2 className={classes.day}>{new Intl.DateTimeFormat(localeOf(i18n.language), { dateStyle: 'full' }).format(new Date(line.at))}</h2>
  const { item } = line
  const Sign = signs[item.kind]
  return (
    <div className={classes.line}>
      <span className={classes.time}><Time at={item.at} /></span>
      <Sign size={18} role="img" aria-label={t(`device.timeline.one.${item.kind}`)} className={classes.sign} />
      <div className={classes.text}><Content item={item} /></div>
    </div>
  )
}

function Time({ at }: { at: string }) {
  const { i18n } = useTranslation()
  const time = new Intl.DateTimeFormat(localeOf(i18n.language), { timeStyle: 'medium' }).format(new Date(at))
  return <time dateTime={at} title={new Date(at).toISOString()}>{time}</time>
}

function Content({ item }: { item: TimelineItem }): ReactNode {
  const { t } = useTranslation()
  const { openTask } = useDeviceScope()
  const { task, transition, session, event, audit } = item
  if (task) {
    return (
      <>
        <Anchor component="button" type="button" ta="left" onClick={() => openTask(task.id)}><KindName kind={task.kind} /></Anchor>{' '}
        <TaskStateBadge state={(transition?.state ?? task.state) as TaskState} /> <TaskSubject task={task} />
        {transition?.reason && <Text size="xs" c="dimmed">{transition.reason}</Text>}
      </>
    )
  }
  if (session) {
    return <>{session.events.map((code) => <span key={code}><EventName code={code} /> · </span>)}<SessionOutcome outcome={session.outcome} /> · {t('device.timeline.rpcs', { count: session.rpcs })}</>
  }
  if (event) return <><EventName code={event.code} /> <Code>{event.code}</Code>{event.commandKey && <> <Code>{event.commandKey}</Code></>}</>
  if (audit) {
    return (
      <>
        <strong><Actor actor={audit.actor} /></strong> {audit.action} · {t(Number(audit.outcome) < 400 ? 'device.timeline.done' : 'device.timeline.refused', { status: audit.outcome })}
        {audit.detail && <Text size="xs" c="dimmed">{audit.detail}</Text>}
      </>
    )
  }
  return <Moment at={item.at} />
}
