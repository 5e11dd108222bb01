import { Text } from '@mantine/core'
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Fetch } from '@/api/types'
import { resultOf } from './result'

/** What came of a request: a sign, words, and why it was refused. */
export function FetchResult({ fetch }: { fetch: Pick<Fetch, 'status' | 'complete' | 'detail'> }) {
  const { t } = useTranslation()
  const result = resultOf(fetch)
  const good = result === 'given' || result === 'unchanged'
  const Sign = good ? IconCircleCheck : IconCircleX
  return (
    <span>
      <span style={{ display: 'inline-flex', verticalAlign: 'bottom', gap: 5, alignItems: 'center', color: `var(--dialtone-${good ? 'good' : 'bad'})` }}>
        <Sign size={16} aria-hidden /> {t(`fetches.result.${result}`)} ({fetch.status})
      </span>
      {fetch.detail && <Text size="xs" c="dimmed">{fetch.detail}</Text>}
    </span>
  )
}
