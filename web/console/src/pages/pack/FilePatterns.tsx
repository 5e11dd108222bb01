import { Badge, Group, Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/types'
import { WideTable } from '@/parts/WideTable'

/** The files that phones of a pack ask for, in the order in which they do. */
export function FilePatterns({ files }: { files: readonly Schemas['PackFilePattern'][] }) {
  const { t } = useTranslation()
  return (
    <>
      <h2 id="files" style={{ display: 'none' }}>{t('packs.tab.files')}</h2>
      <WideTable labelledBy="files" minWidth={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('packs.fileName')}</Table.Th>
            <Table.Th scope="col">{t('packs.template')}</Table.Th>
            <Table.Th scope="col">{t('packs.format')}</Table.Th>
            <Table.Th scope="col">{t('provisioning.about')}</Table.Th>
            <Table.Th scope="col">{t('packs.forModels')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {files.map((file, i) => (
            <Table.Tr key={i}>
              <Table.Td><code>{file.name}</code></Table.Td>
              <Table.Td>{file.template ? <code>{file.template}</code> : t('provisioning.sign.static')}</Table.Td>
              <Table.Td>{file.format || file.contentType || '–'}</Table.Td>
              <Table.Td>
                <Group gap={4}>{(['secrets', 'confirms', 'generic'] as const).filter((sign) => file[sign]).map((sign) => <Badge key={sign} variant="outline" color="gray" tt="none" title={t(`provisioning.signMeans.${sign}`)}>{t(`provisioning.sign.${sign}`)}</Badge>)}</Group>
              </Table.Td>
              <Table.Td>{file.models.join(', ') || t('packs.allModels')}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
    </>
  )
}
