import { Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Device } from '@/api/types'
import { LoadMore } from '@/pages/device/LoadMore'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { WideTable } from '@/parts/WideTable'
import { useFetchColumns } from './fetchColumns'
import { useFetches } from './fetches'

interface DeviceRequestsProps {
  device: Pick<Device, 'id'>
  failed?: boolean
  /** The id of the heading that names the list. */
  labelledBy: string
}

/** What a device asked for, the newest first; new requests appear by themselves. */
export function DeviceRequests({ device, failed = false, labelledBy }: DeviceRequestsProps) {
  const { t } = useTranslation()
  const { query, items } = useFetches({ device: device.id, failed })
  const columns = useFetchColumns(false)
  return (
    <>
      <ProblemAlert problem={query.error} retry={() => void query.refetch()} />
      {query.isSuccess && items.length === 0 && <Text c="dimmed" mt="xs">{t(failed ? 'fetches.noneFailed' : 'fetches.noneOfDevice')}</Text>}
      {items.length > 0 && (
        <WideTable labelledBy={labelledBy} minWidth={720}>
          <Table.Thead><Table.Tr>{columns.map(({ key, title }) => <Table.Th key={key} scope="col">{title}</Table.Th>)}</Table.Tr></Table.Thead>
          <Table.Tbody>{items.map((fetch) => <Table.Tr key={fetch.id}>{columns.map(({ key, cell }) => <Table.Td key={key}>{cell(fetch)}</Table.Td>)}</Table.Tr>)}</Table.Tbody>
        </WideTable>
      )}
      <LoadMore query={query} />
    </>
  )
}
