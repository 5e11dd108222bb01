import { Anchor, Table } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useNumbers } from '@/devices/numbers'
import type { ModelShare } from './firmware'
import { filterOf } from './FirmwareBars'

/** The same as the bars, in numbers, with every version. */
export function FirmwareTable({ models }: { models: readonly ModelShare[] }) {
  const { t } = useTranslation()
  const { count, share } = useNumbers()
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table aria-labelledby="firmware">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('overview.firmware.model')}</Table.Th>
            <Table.Th scope="col">{t('overview.firmware.version')}</Table.Th>
            <Table.Th scope="col" ta="right">{t('overview.total')}</Table.Th>
            <Table.Th scope="col" ta="right">{t('overview.firmware.share')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {models.flatMap((model) => model.versions.map((v) => (
            <Table.Tr key={`${model.model}\n${v.version}`}>
              <Table.Td>{model.model || t('overview.firmware.unknownModel')}</Table.Td>
              <Table.Td>
                <Anchor component={Link} to={'/devices' as string} search={{ filter: filterOf(model.model, v.version) } as never}>{v.version || t('overview.firmware.unknownVersion')}</Anchor>
              </Table.Td>
              <Table.Td ta="right">{count(v.count)}</Table.Td>
              <Table.Td ta="right">{share(v.count, model.count)}</Table.Td>
            </Table.Tr>
          )))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
