import { Button, Paper, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useDrafts } from './drafts'
import { nameOf } from './paths'
import classes from './Tree.module.css'
import { useSend } from './useSend'

/** Says what waits. A single change is shown and can go out at once; more of them are reviewed first. */
export function DraftBar({ onReview }: { onReview: () => void }) {
  const { t } = useTranslation()
  const { drafts, dropAll } = useDrafts()
  const { send, busy, problem } = useSend()
  const [only] = drafts.size === 1 ? drafts.values() : []
  return (
    <div role="status">
      {drafts.size > 0 && (
        <Paper withBorder shadow="sm" className={classes.bar}>
          <Text fw={600}>{t('parameters.waiting', { count: drafts.size })}</Text>
          {only && !only.secret && <Text className={classes.change}>{t('parameters.review.change', { name: nameOf(only.path), old: only.old || '–', value: only.value || t('parameters.emptyValue') })}</Text>}
          {only && <Button onClick={send} loading={busy}>{t('parameters.review.direct')}</Button>}
          <Button onClick={onReview} variant={only ? 'default' : 'filled'}>{t('parameters.review.open')}</Button>
          <Button variant="default" onClick={dropAll}>{t('parameters.discard')}</Button>
          <ProblemAlert problem={problem} />
        </Paper>
      )}
    </div>
  )
}
