import { Anchor, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { bytesText } from '@/pages/files/bytes'
import { Loaded } from '@/parts/Loaded'
import { Moment } from '@/time/Moment'
import { sentFilesQuery } from '../api'
import { useDeviceScope } from '../context'

/** The files that the device sent, such as its log, the newest first. */
export function SentFiles({ labelledBy }: { labelledBy: string }) {
  const { t, i18n } = useTranslation()
  const { device, openTask } = useDeviceScope()
  const files = useQuery(sentFilesQuery(device.id))
  return (
    <Loaded query={files}>
      {({ items }) => items.length === 0 ? <Text c="dimmed">{t('device.sent.none')}</Text> : (
        <Table aria-labelledby={labelledBy}>
          <Table.Tbody>
            {items.map((file) => (
              <Table.Tr key={file.name}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  <Anchor href={`/api/v1/files/${encodeURIComponent(file.name)}/content`} download>{file.name}</Anchor>
                  <Text size="xs" c="dimmed">{[file.type, bytesText(file.size, i18n.language)].filter(Boolean).join(' · ')}</Text>
                </Table.Td>
                <Table.Td w={130}>
                  <Moment at={file.createdAt} />
                  {file.task && <div><Anchor component="button" type="button" size="xs" onClick={() => openTask(file.task)}>{t('device.sent.task')}</Anchor></div>}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Loaded>
  )
}
