import { Code, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AuditEntry } from '@/api/types'
import { DataList } from '@/parts/DataList'
import classes from './audit.module.css'
import { changesOf } from './difference'

/** What an entry says beyond its row: what was before and after, and its place in the chain. */
export function EntryDetail({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation()
  return (
    <>
      <Changes entry={entry} />
      <DataList facts={[
        [t('audit.detail'), entry.detail || undefined],
        [t('audit.address'), entry.address],
        [t('audit.sequence'), entry.sequence ?? entry.id],
        [t('audit.hash'), entry.hash ? <Code key="hash">{entry.hash}</Code> : undefined],
        [t('audit.previous'), entry.previous ? <Code key="previous">{entry.previous}</Code> : undefined],
      ]} />
    </>
  )
}

function Changes({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation()
  const changes = changesOf(entry)
  if (changes.length === 0) return <Text c="dimmed" my={4}>{t('audit.noChanges')}</Text>
  return (
    <Table aria-label={t('audit.changes')} mb="xs" className={classes.changes}>
      <Table.Thead>
        <Table.Tr><Table.Th scope="col">{t('audit.field')}</Table.Th><Table.Th scope="col">{t('audit.before')}</Table.Th><Table.Th scope="col">{t('audit.after')}</Table.Th></Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {changes.map(({ field, before, after }) => (
          <Table.Tr key={field}>
            <Table.Th scope="row" fw={400}>{field}</Table.Th>
            <Table.Td><Side sign="−" value={before} className={classes.before} /></Table.Td>
            <Table.Td><Side sign="+" value={after} className={classes.after} /></Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Side({ sign, value, className }: { sign: string; value?: string; className?: string }) {
  if (value === undefined) return '–'
  return <span className={className}><span aria-hidden>{sign} </span>{value}</span>
}
