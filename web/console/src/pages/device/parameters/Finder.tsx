import { Button, CloseButton, Group, Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDeviceSearch } from '../search'
import { useBook } from './context'
import { isObject, parentOf } from './paths'

interface FinderProps {
  /** How many parameters the search found; undefined without a search. */
  count: number | undefined
  /** The path that is selected in the tree. */
  below: string | undefined
}

/** Searches what is read of the tree, and reads more of it to search there as well. */
export function Finder({ count, below }: FinderProps) {
  const { t, i18n } = useTranslation()
  const { book } = useBook()
  const [{ q = '' }, change] = useDeviceSearch()
  const [text, setText] = useTyped(q, (next) => change({ q: next }, { replace: true }))
  const branch = below === undefined ? '' : isObject(below) ? below : parentOf(below)
  const root = book.scan('')
  const number = (n: number) => n.toLocaleString(i18n.language)
  return (
    <Group gap="sm" mb="xs" align="center" role="search">
      <TextInput
        aria-label={t('parameters.search')} placeholder={t('parameters.search')} value={text} onChange={(event) => setText(event.currentTarget.value)}
        leftSection={<IconSearch size={16} aria-hidden />} style={{ flex: '1 1 16rem', maxWidth: '28rem' }} spellCheck={false} autoComplete="off"
        rightSection={text !== '' && <CloseButton size="sm" aria-label={t('parameters.clearSearch')} onClick={() => setText('')} />}
      />
      <Text size="xs" c="dimmed" role="status">
        {count !== undefined && `${t('parameters.found', { count, number: number(count) })} · `}
        {book.covers('') ? t('parameters.all', { count: book.index.size, number: number(book.index.size) })
          : t('parameters.part', { read: number(book.index.size), total: root?.total === undefined ? '?' : number(root.total) })}
      </Text>
      {!book.covers(branch) && <ReadAll branch={branch} />}
    </Group>
  )
}

/** Reads a branch to its end, so that the search covers it; it can be stopped. */
function ReadAll({ branch }: { branch: string }) {
  const { t } = useTranslation()
  const { book } = useBook()
  const [stop, setStop] = useState<AbortController>()
  useEffect(() => () => stop?.abort(), [stop])
  const begin = () => {
    const control = new AbortController()
    setStop(control)
    void book.readAll(branch, control.signal).finally(() => setStop(undefined))
  }
  if (stop) return <Button size="compact-sm" variant="default" onClick={() => stop.abort()}>{t('parameters.stop')}</Button>
  return <Button size="compact-sm" variant="default" onClick={begin}>{branch === '' ? t('parameters.readAll') : t('parameters.readBelow', { branch })}</Button>
}

/** A text that is told on once nothing was typed for a moment, and follows what it is told, as when going back. */
function useTyped(value: string, tell: (text: string) => void): [string, (text: string) => void] {
  const [text, setText] = useState(value)
  const [last, setLast] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  if (value !== last) {
    setLast(value)
    setText(value)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  return [text, (next) => {
    setText(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      setLast(next)
      tell(next)
    }, 200)
  }]
}
