import { Anchor, Badge, Group, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DeviceFile } from '@/api/types'
import { bytesText } from '@/pages/files/bytes'
import { shortened } from '@/pages/files/checksum'
import { WideTable } from '@/parts/WideTable'

/** The files that the phone would be given; each opens. */
export function FileList({ files, onOpen }: { files: readonly DeviceFile[]; onOpen: (name: string) => void }) {
  const { t, i18n } = useTranslation()
  return (
    <WideTable labelledBy="given" minWidth={640}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('provisioning.fileName')}</Table.Th>
          <Table.Th scope="col">{t('provisioning.about')}</Table.Th>
          <Table.Th scope="col" ta="right">{t('files.size')}</Table.Th>
          <Table.Th scope="col">SHA-256</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {files.map((file) => (
          <Table.Tr key={file.name}>
            <Table.Td>
              <Anchor component="button" type="button" ff="monospace" ta="left" aria-haspopup="dialog" onClick={() => onOpen(file.name)}>{file.name}</Anchor>
              {file.problem && <Text size="sm" c="var(--dialtone-bad)">{file.problem}</Text>}
            </Table.Td>
            <Table.Td><FileSigns file={file} /></Table.Td>
            <Table.Td ta="right">{file.problem ? '–' : bytesText(file.size, i18n.language)}</Table.Td>
            <Table.Td>{file.sha256 ? <code title={file.sha256}>{shortened(file.sha256)}</code> : <span title={t('provisioning.noHash')}>–</span>}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

/** What is special about a file, in words. */
export function FileSigns({ file }: { file: Pick<DeviceFile, 'secrets' | 'confirms' | 'held' | 'generic' | 'static'> }) {
  const { t } = useTranslation()
  const signs = (['secrets', 'confirms', 'generic', 'static'] as const).filter((sign) => file[sign])
  return (
    <Group gap={4}>
      {signs.map((sign) => <Badge key={sign} variant="outline" color="gray" tt="none" title={t(`provisioning.signMeans.${sign}`)}>{t(`provisioning.sign.${sign}`)}</Badge>)}
      {file.confirms && <Badge variant="outline" color={file.held ? 'green' : 'gray'} c={file.held ? 'var(--dialtone-good)' : undefined} tt="none">{t(file.held ? 'provisioning.held' : 'provisioning.notHeld')}</Badge>}
    </Group>
  )
}
