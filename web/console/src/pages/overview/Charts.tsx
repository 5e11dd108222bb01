import { Card, Group, SegmentedControl, Stack, Title } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Statistics } from '@/api/types'
import { useSearchTexts } from '@/devices/searchText'
import { Loaded } from '@/parts/Loaded'
import { ChartCard } from './ChartCard'
import { linesOf, queryOf, ranges, type Range } from './statistics'

const mostLines = 5
const pause = 60_000
const names = ['range'] as const

/** What happened over time: sessions, tasks and the faults that devices answered with. */
export function Charts() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { range: wanted } = useSearchTexts(names)
  const range: Range = wanted in ranges ? (wanted as Range) : 'day'
  const statistics = useQuery({
    queryKey: keys.statistics({ range }), placeholderData: keepPreviousData, refetchInterval: pause,
    // The step is a number; the type by hand says otherwise.
    queryFn: ({ signal }) => answer(api.GET('/api/v1/statistics', { params: { query: queryOf(range, Date.now()) as never }, signal })),
  })
  const choose = (chosen: string) => void navigate({ to: '/', search: (chosen === 'day' ? {} : { range: chosen }) as never, replace: true, resetScroll: false })
  return (
    <Card withBorder component="section" aria-labelledby="activity">
      <Group justify="space-between" mb="xs">
        <Title order={2} id="activity">{t('overview.activity.title')}</Title>
        <SegmentedControl size="xs" value={range} onChange={choose} aria-label={t('overview.activity.range')}
          data={(Object.keys(ranges) as Range[]).map((r) => ({ value: r, label: t(`overview.activity.${r}`) }))} />
      </Group>
      <Loaded query={statistics}>{(data) => <All data={data} />}</Loaded>
    </Card>
  )
}

function All({ data }: { data: Statistics }) {
  const { t } = useTranslation()
  const of = (prefix: string, named: (name: string) => string) => linesOf(data, prefix, mostLines).map((line) => ({ ...line, name: line.name === '' ? t('overview.activity.rest') : named(line.name) }))
  const outcome = (name: string) => t(`overview.activity.outcome.${name}`, { defaultValue: name })
  return (
    <Stack gap="md">
      <ChartCard title={t('overview.activity.sessions')} times={data.times} lines={of('sessions.', outcome)} />
      <ChartCard title={t('overview.activity.tasks')} times={data.times} lines={of('tasks.', outcome)} />
      <ChartCard title={t('overview.activity.faults')} times={data.times} lines={of('faults.', (code) => code)} />
    </Stack>
  )
}
