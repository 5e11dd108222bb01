import { Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas, Task } from '@/api/types'
import { bytesText } from '@/pages/files/bytes'
import { DataList } from '@/parts/DataList'
import { duration, local } from '@/time/format'
import { localeOf } from '@/time/locale'
import classes from './diagnostics.module.css'
import type { DiagnosticKind } from './kinds'

interface OutcomeProps {
  kind: DiagnosticKind
  result: Task['result']
  /** Only the sum of it. */
  brief: boolean
}

/** What a test found, as numbers and tables. */
export function Outcome({ kind, result, brief }: OutcomeProps) {
  if (result === null) return null
  switch (kind) {
    case 'ipPing':
      return <Ping result={result as Schemas['IPPingResult']} brief={brief} />
    case 'traceRoute':
      return <Route result={result as Schemas['TraceRouteResult']} brief={brief} />
    case 'nsLookup':
      return <Lookup result={result as Schemas['NSLookupResult']} brief={brief} />
    case 'downloadDiagnostics':
      return <Transfer result={result as Schemas['DownloadDiagnosticsResult']} bytes={(result as Schemas['DownloadDiagnosticsResult']).testBytesReceived} brief={brief} />
    case 'uploadDiagnostics':
      return <Transfer result={result as Schemas['UploadDiagnosticsResult']} bytes={(result as Schemas['UploadDiagnosticsResult']).testBytesSent} brief={brief} />
  }
}

function useSpans() {
  const { i18n } = useTranslation()
  return (milliseconds: number) => duration(milliseconds, i18n.language)
}

function Ping({ result, brief }: { result: Schemas['IPPingResult']; brief: boolean }) {
  const { t } = useTranslation()
  const span = useSpans()
  const { successCount: came, failureCount: lost } = result
  const time = (milliseconds: number) => (came > 0 ? span(milliseconds) : '–')
  if (brief) return <Brief>{t('diagnostics.ping.brief', { came, sent: came + lost, time: time(result.averageResponseTime) })}</Brief>
  return (
    <DataList facts={[
      [t('diagnostics.ping.came'), came],
      [t('diagnostics.ping.lost'), <span key="lost" style={lost > 0 ? { color: 'var(--dialtone-bad)' } : undefined}>{lost}</span>],
      [t('diagnostics.ping.average'), time(result.averageResponseTime)],
      [t('diagnostics.ping.least'), time(result.minimumResponseTime)],
      [t('diagnostics.ping.most'), time(result.maximumResponseTime)],
    ]} />
  )
}

function Route({ result, brief }: { result: Schemas['TraceRouteResult']; brief: boolean }) {
  const { t } = useTranslation()
  const span = useSpans()
  const hops = result.hops ?? []
  if (brief) return <Brief>{t('diagnostics.route.brief', { count: hops.length, time: span(result.responseTime) })}</Brief>
  return (
    <ResultTable label={t('diagnostics.route.hops')} columns={[t('diagnostics.route.number'), t('diagnostics.route.host'), t('diagnostics.route.address'), t('diagnostics.route.times')]}
      rows={hops.map((hop, i) => [i + 1, hop.host || '–', hop.address || '–', (hop.times ?? []).length > 0 ? hop.times!.map(span).join(' · ') : hop.errorCode > 0 ? t('diagnostics.route.error', { code: hop.errorCode }) : t('diagnostics.route.silent')])} />
  )
}

function Lookup({ result, brief }: { result: Schemas['NSLookupResult']; brief: boolean }) {
  const { t } = useTranslation()
  const span = useSpans()
  const results = result.results ?? []
  if (brief) return <Brief>{t('diagnostics.lookup.brief', { came: result.successCount, sent: results.length })}</Brief>
  return (
    <ResultTable label={t('diagnostics.lookup.answers')} columns={[t('diagnostics.lookup.status'), t('diagnostics.lookup.addresses'), t('diagnostics.lookup.server'), t('diagnostics.lookup.time')]}
      rows={results.map((one) => [
        one.status, [one.hostName, ...(one.addresses ?? [])].filter(Boolean).join(', ') || '–',
        [one.server, one.answerType].filter(Boolean).join(', ') || '–', span(one.responseTime),
      ])} />
  )
}

type Times = Pick<Schemas['DownloadDiagnosticsResult'], 'bomTime' | 'eomTime' | 'durationMilliseconds' | 'bytesPerSecond'>

function Transfer({ result, bytes, brief }: { result: Times; bytes: number; brief: boolean }) {
  const { t, i18n } = useTranslation()
  const span = useSpans()
  const speed = result.bytesPerSecond > 0 ? rate(result.bytesPerSecond, i18n.language) : '–'
  const at = (text: string) => (text && !Number.isNaN(Date.parse(text)) ? local(new Date(text), localeOf(i18n.language)) : '–')
  if (brief) return <Brief>{speed} · {bytesText(bytes, i18n.language)}</Brief>
  return (
    <DataList facts={[
      [t('diagnostics.transfer.rate'), speed],
      [t('diagnostics.transfer.bytes'), bytesText(bytes, i18n.language)],
      [t('diagnostics.transfer.duration'), result.durationMilliseconds > 0 ? span(result.durationMilliseconds) : '–'],
      [t('diagnostics.transfer.began'), at(result.bomTime)],
      [t('diagnostics.transfer.ended'), at(result.eomTime)],
    ]} />
  )
}

/** A rate in bits a second, as networks are measured. */
function rate(bytesPerSecond: number, language: string): string {
  const bits = bytesPerSecond * 8
  const [unit, by] = bits >= 1e6 ? ['megabit-per-second', 1e6] as const : ['kilobit-per-second', 1e3] as const
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: 1 }).format(bits / by)
}

function Brief({ children }: { children: ReactNode }) {
  return <Text size="xs">{children}</Text>
}

function ResultTable({ label, columns, rows }: { label: string; columns: readonly string[]; rows: readonly (readonly ReactNode[])[] }) {
  return (
    // It scrolls sideways, and so has to be reached by keys.
    // eslint-disable-next-line jsx-a11y-x/no-noninteractive-tabindex
    <div className={classes.scroller} tabIndex={0} role="region" aria-label={label}>
      <Table aria-label={label} fz="sm" verticalSpacing={4}>
        <Table.Thead><Table.Tr>{columns.map((column) => <Table.Th key={column} scope="col">{column}</Table.Th>)}</Table.Tr></Table.Thead>
        <Table.Tbody>{rows.map((row, i) => <Table.Tr key={i}>{row.map((cell, j) => <Table.Td key={j}>{cell}</Table.Td>)}</Table.Tr>)}</Table.Tbody>
      </Table>
    </div>
  )
}
