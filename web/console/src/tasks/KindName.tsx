import { useTranslation } from 'react-i18next'
import type { Task, TaskKind } from '@/api/types'
import { subjectOf } from './subject'
import classes from './tasks.module.css'

/** What a kind of task does, in a few words. */
export function KindName({ kind }: { kind: TaskKind }) {
  const { t } = useTranslation()
  return <>{t(`task.kind.${kind}.name`)}</>
}

/** What a task is about: a path or a file, and how many more. */
export function TaskSubject({ task }: { task: Pick<Task, 'args'> }) {
  const { t } = useTranslation()
  const subject = subjectOf(task)
  if (!subject) return null
  return (
    <span className={classes.subject}>
      {subject.text}
      {subject.more > 0 && <span className={classes.more}> {t('task.more', { count: subject.more })}</span>}
    </span>
  )
}
