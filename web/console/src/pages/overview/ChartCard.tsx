import { Button, Group, Table, Text, Title } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNumbers } from '@/devices/numbers'
import { Loading } from '@/parts/Loading'
import { local } from '@/time/format'
import classes from './overview.module.css'
import type { Line } from './statistics'

const Chart = lazy(() => import('./Chart'))

interface ChartCardProps {
  title: string
  times: readonly string[]
  lines: readonly Line[]
}

/** A chart with its sums in words, and the numbers as a table for who cannot see or read it. */
export function ChartCard({ title, times, lines }: ChartCardProps) {
  const { t } = useTranslation()
  const { count } = useNumbers()
  const [asTable, setAsTable] = useState(false)
  return (
    <figure className={classes.figure}>
      <Group justify="space-between" wrap="nowrap">
        <Title order={3}>{title}</Title>
        {lines.length > 0 && <Button size="compact-xs" variant="subtle" onClick={() => setAsTable(!asTable)} aria-label={`${title}: ${asTable ? t('overview.chart') : t('overview.table')}`}>{asTable ? t('overview.chart') : t('overview.table')}</Button>}
      </Group>
      {lines.length === 0 ? <Text c="dimmed" size="sm" my="md">{t('overview.activity.nothing')}</Text>
        : asTable ? <Numbers title={title} times={times} lines={lines} />
          : <Suspense fallback={<Loading />}><Chart times={times} lines={lines} /></Suspense>}
      <figcaption className={classes.versions}>
        {lines.map((line, i) => <span key={line.name}><i data-tone={i} aria-hidden />{line.name} {count(line.total)}</span>)}
      </figcaption>
    </figure>
  )
}

function Numbers({ title, times, lines }: ChartCardProps) {
  const { t, i18n } = useTranslation()
  const { count } = useNumbers()
  // Steps in which nothing happened say nothing.
  const busy = times.flatMap((at, i) => (lines.some((line) => line.values[i]! > 0) ? [{ at, i }] : [])).reverse()
  return (
    <Table.ScrollContainer minWidth={280} mah={220} scrollAreaProps={{ mah: 220 }}>
      <Table aria-label={title}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('overview.activity.from')}</Table.Th>
            {lines.map((line) => <Table.Th key={line.name} scope="col" ta="right">{line.name}</Table.Th>)}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {busy.map(({ at, i }) => (
            <Table.Tr key={at}>
              <Table.Td>{local(new Date(at), i18n.language)}</Table.Td>
              {lines.map((line) => <Table.Td key={line.name} ta="right">{count(line.values[i]!)}</Table.Td>)}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
