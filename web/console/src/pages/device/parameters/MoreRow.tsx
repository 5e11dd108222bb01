import { Button, Loader } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { useBook } from './context'
import type { Row } from './rows'
import classes from './Tree.module.css'

interface MoreRowProps {
  row: Extract<Row, { kind: 'more' }>
  index: number
  place: { top: number; height: number }
}

/** Reads on as soon as it comes into view; after a problem it waits to be told. */
export function MoreRow({ row, index, place }: MoreRowProps) {
  const { t } = useTranslation()
  const { book } = useBook()
  const scan = book.scan(row.path)
  const goOn = scan !== undefined && !scan.loading && !scan.problem
  useEffect(() => {
    if (goOn) void book.readOn(row.path)
  }, [book, goOn, row.path])
  return (
    <div className={classes.more} role="row" aria-rowindex={index + 2} style={{ ...place, '--depth': row.depth } as React.CSSProperties}>
      <span role="gridcell">
        {scan?.problem
          ? <>{t(`problem.${asProblem(scan.problem).kind}.title`)} <Button size="compact-xs" variant="default" onClick={() => void book.readOn(row.path)}>{t('problem.retry')}</Button></>
          : <><Loader size={14} aria-hidden /> {t('parameters.reading')}</>}
      </span>
    </div>
  )
}
