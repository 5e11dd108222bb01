import { Button, Group, Switch, Text } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { DeviceName } from '@/devices/DeviceName'
import { useUrlState } from '@/listing/useUrlState'
import { VirtualTable } from '@/listing/VirtualTable'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { PageHeader } from '@/parts/PageHeader'
import { useFetchColumns } from '@/provisioning/fetchColumns'
import { useFetches } from '@/provisioning/fetches'

/** What phones asked for, and what they were given. */
export default function FetchesPage() {
  const { t } = useTranslation()
  const [{ failed, device }, change] = useUrlState(['failed', 'device'])
  const only = failed === 'true'
  const { query, items, more } = useFetches({ device, failed: only })
  const columns = useFetchColumns(true)
  return (
    <>
      <PageHeader title={t('fetches.title')}>{t('fetches.explanation')}</PageHeader>
      <Group gap="md" mb="sm">
        <Switch label={t('fetches.failedOnly')} checked={only} onChange={(event) => change({ failed: event.currentTarget.checked ? 'true' : '' })} />
        {device && (
          <Group gap="xs">
            <Text size="sm">{t('fetches.ofDevice')} <DeviceName id={device} /></Text>
            <Button size="xs" variant="default" onClick={() => change({ device: '' })}>{t('fetches.ofAll')}</Button>
          </Group>
        )}
        <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} loading={query.isRefetching} onClick={() => void query.refetch()}>{t('fetches.reload')}</Button>
      </Group>
      <Loaded query={query}>
        {() => (items.length === 0
          ? <EmptyState title={t(only ? 'fetches.noneFailed' : 'fetches.none')}>{t(only ? 'fetches.noneFailedMeans' : 'fetches.noneTry')}</EmptyState>
          : <VirtualTable label={t('fetches.title')} columns={columns} items={items} idOf={(fetch) => fetch.id} onEnd={more} />)}
      </Loaded>
    </>
  )
}
