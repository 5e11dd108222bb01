import { Alert, Button, Text } from '@mantine/core'
import { useDeferredValue, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/auth/me'
import { EmptyState } from '@/parts/EmptyState'
import { Loading } from '@/parts/Loading'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useDeviceScope } from '../context'
import { useDeviceSearch } from '../search'
import { useAttempt } from '../useAttempt'
import { useBook } from './context'
import { Dialogs, type DialogRequest } from './Dialogs'
import { DraftBar } from './DraftBar'
import { Finder } from './Finder'
import { ancestorsOf } from './paths'
import { firstOpen, rowsOf, search } from './rows'
import { useSentStates } from './sent'
import { Tree } from './Tree'

const none: ReadonlySet<string> = new Set()

/** What the phone can be asked and told, as a tree that is read as it is opened. */
export default function Parameters() {
  const { t } = useTranslation()
  const { device, queue } = useDeviceScope()
  const { book, open: opened, setOpen, stale, setStale, version } = useBook()
  const [{ q = '', path: selected }] = useDeviceSearch()
  const may = useMay('tasks.write')
  const attempt = useAttempt()
  const [dialog, setDialog] = useState<DialogRequest>()
  const sent = useSentStates()
  const text = useDeferredValue(q.trim())
  const root = book.scan('')

  // What was folded among the results of the search that it belongs to.
  const [folds, setFolds] = useState<{ text: string; paths: ReadonlySet<string> }>({ text: '', paths: new Set() })
  const folded = folds.text === text ? folds.paths : none
  // Version stands for what the book knows, which changes in place.
  const { rows, count } = useMemo(() => {
    void version
    const open = opened ?? new Set([...firstOpen(book), ...(selected ? ancestorsOf(selected) : [])])
    if (text === '') return { rows: rowsOf(book, open), count: undefined }
    const result = search(book, text)
    return { rows: rowsOf(book, open, result.found, folded), count: result.count }
  }, [book, folded, opened, selected, text, version])

  const toggle = (path: string, wanted: boolean) => {
    if (text !== '') {
      const paths = new Set(folded)
      if (wanted) paths.delete(path)
      else paths.add(path)
      setFolds({ text, paths })
      return
    }
    const open = new Set(opened ?? [...firstOpen(book), ...(selected ? ancestorsOf(selected) : [])])
    if (wanted) open.add(path)
    else open.delete(path)
    setOpen(open)
    if (wanted) void book.ensure(path)
  }
  const lost = count === 0 && book.covers('')
  const refresh = (path: string) => void attempt.run(() => queue({ kind: 'refresh', path }))

  if (book.index.size === 0) {
    if (root?.problem) return <ProblemAlert problem={root.problem} retry={() => void book.readOn('')} />
    if (!root?.done) return <Loading />
    return (
      <EmptyState title={t('parameters.empty.title')} action={may && device.lastInform && <Button onClick={() => refresh('')} loading={attempt.busy}>{t('parameters.empty.action')}</Button>}>
        {t(device.lastInform ? 'parameters.empty.try' : 'parameters.empty.never')}
      </EmptyState>
    )
  }
  return (
    <>
      <Text c="dimmed" size="xs" mb="xs" maw="60rem" visibleFrom="sm">{t('parameters.explanation')} {!may && t('parameters.readOnly')}</Text>
      {stale && (
        <Alert variant="outline" py={6} mb="xs" withCloseButton closeButtonLabel={t('parts.close')} onClose={() => setStale(false)}>
          {t('parameters.stale')} <Button size="compact-xs" variant="default" onClick={() => { setStale(false); void book.reload('') }}>{t('parameters.readAgain')}</Button>
        </Alert>
      )}
      <Finder count={count} below={selected} />
      {lost && <NotFound text={text} action={may && device.lastInform && <Button onClick={() => refresh('')} loading={attempt.busy}>{t('parameters.notFound.action')}</Button>} />}
      {!lost && <Tree rows={rows} sent={sent} mayWrite={may} onToggle={toggle} onRefresh={refresh} onDialog={setDialog} found={text} />}
      <DraftBar onReview={() => setDialog({ kind: 'review' })} />
      <Dialogs request={dialog} onClose={() => setDialog(undefined)} />
    </>
  )
}

/** Stands where a search finds nothing: what was not read from the phone cannot be found. */
function NotFound({ text, action }: { text: string; action: ReactNode }) {
  const { t } = useTranslation()
  return <EmptyState title={t('parameters.notFound.title', { text })} action={action}>{t('parameters.notFound.try')}</EmptyState>
}
