import { Button, Group } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconDownload, IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useUrlState } from '@/listing/useUrlState'
import { VirtualTable } from '@/listing/VirtualTable'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { PageHeader } from '@/parts/PageHeader'
import { exportAddress, useAudit } from './api'
import { AuditFilters } from './AuditFilters'
import { filterOf } from './choice'
import { useAuditColumns } from './columns'
import { EntryDetail } from './EntryDetail'
import { Verify } from './Verify'

/** Who did what. */
export default function AuditPage() {
  const { t } = useTranslation()
  const [choice, change] = useUrlState(['filter', 'actor', 'action', 'target', 'device', 'span', 'from', 'until'])
  const [filter] = useDebouncedValue(filterOf(choice), 400)
  const { query, items, more } = useAudit(filter)
  const columns = useAuditColumns()
  const [open, setOpen] = useState('')
  const download = <IconDownload size={16} aria-hidden />
  return (
    <>
      <PageHeader title={t('audit.title')}>{t('audit.explanation')}</PageHeader>
      <Group gap="xs" mb="sm">
        <Verify />
        <Button component="a" variant="default" href={exportAddress('csv', filter)} download leftSection={download}>{t('audit.exportCSV')}</Button>
        <Button component="a" variant="default" href={exportAddress('jsonl', filter)} download leftSection={download}>{t('audit.exportJSONL')}</Button>
        <Button variant="default" onClick={() => void query.refetch()} loading={query.isRefetching} leftSection={<IconRefresh size={16} aria-hidden />}>{t('audit.refresh')}</Button>
      </Group>
      <AuditFilters choice={choice} onChange={change} />
      <Loaded query={query}>
        {() => (items.length === 0 ? <EmptyState title={t('audit.none.title')}>{t('audit.none.try')}</EmptyState> : (
          <VirtualTable
            label={t('audit.title')} columns={columns} items={items} idOf={(entry) => entry.id} open={open} onOpen={(id) => setOpen(id === open ? '' : id)}
            detail={(entry) => <EntryDetail entry={entry} />} onEnd={more}
          />
        ))}
      </Loaded>
    </>
  )
}
