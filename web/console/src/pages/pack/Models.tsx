import { Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/types'
import { WideTable } from '@/parts/WideTable'

/** The models that a pack serves. */
export function Models({ models }: { models: readonly Schemas['PackModel'][] }) {
  const { t } = useTranslation()
  return (
    <>
      <h2 id="models" style={{ display: 'none' }}>{t('packs.tab.models')}</h2>
      <WideTable labelledBy="models" minWidth={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('packs.model')}</Table.Th>
            <Table.Th scope="col">{t('packs.aliases')}</Table.Th>
            <Table.Th scope="col" ta="right">{t('packs.lines')}</Table.Th>
            <Table.Th scope="col" ta="right">{t('packs.keys')}</Table.Th>
            <Table.Th scope="col">{t('packs.expansions')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {models.map((model) => (
            <Table.Tr key={model.name}>
              <Table.Td>{model.title || model.name}{model.title && model.title !== model.name && <> · <code>{model.name}</code></>}</Table.Td>
              <Table.Td>{model.aliases.join(', ') || '–'}</Table.Td>
              <Table.Td ta="right">{model.lines}</Table.Td>
              <Table.Td ta="right">{model.keys}</Table.Td>
              <Table.Td>{model.expansionModules > 0 ? `${model.expansionModules} × ${model.expansionKeys} ${model.expansionModels.join(', ')}` : '–'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
    </>
  )
}
