import { Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { UnmappedSetting } from '@/api/types'
import { WideTable } from '@/parts/WideTable'
import { catalogueQuery } from '@/settings/api'
import { settingOf } from '@/settings/paths'

/** Settings that reach no phone of a kind, and why. A setting is named by its path, or by its pattern in the catalogue. */
export function UnmappedTable({ settings, labelledBy }: { settings: readonly UnmappedSetting[]; labelledBy: string }) {
  const { t } = useTranslation()
  const { data: catalogue } = useQuery(catalogueQuery)
  const titleOf = (path: string) => catalogue && (settingOf(catalogue, path) ?? catalogue.groups.flatMap((group) => group.settings).find((setting) => setting.path === path))?.title
  return (
    <WideTable labelledBy={labelledBy} minWidth={520}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('convergence.setting')}</Table.Th>
          <Table.Th scope="col">{t('convergence.why')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {settings.map(({ setting, reason }) => (
          <Table.Tr key={setting}>
            <Table.Td>{titleOf(setting)} <Text span size="xs" ff="monospace" c="dimmed">{setting}</Text></Table.Td>
            <Table.Td>{reason}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}
