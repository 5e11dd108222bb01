import { Button, Paper, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useDrafts } from './drafts'
import classes from './Tree.module.css'

/** Says how many changes wait, and leads to their review. */
export function DraftBar({ onReview }: { onReview: () => void }) {
  const { t } = useTranslation()
  const { drafts, dropAll } = useDrafts()
  return (
    <div role="status">
      {drafts.size > 0 && (
        <Paper withBorder shadow="sm" className={classes.bar}>
          <Text fw={600}>{t('parameters.waiting', { count: drafts.size })}</Text>
          <Button onClick={onReview}>{t('parameters.review.open')}</Button>
          <Button variant="default" onClick={dropAll}>{t('parameters.discard')}</Button>
        </Paper>
      )}
    </div>
  )
}
