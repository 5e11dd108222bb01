import { Button, Card, FileButton, Group, Stack, Text, Title } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { File as StoredFile } from '@/api/types'
import { faultsOf } from './fields'
import classes from './files.module.css'
import { isOpen } from './queue'
import { Upload } from './Upload'
import { useUploads } from './useUploads'

/** Takes files by choice or by dropping them, and uploads them. */
export function Uploads({ onSend }: { onSend?: (file: StoredFile) => void }) {
  const { t } = useTranslation()
  const { queue, act, add, cancel } = useUploads()
  const [over, setOver] = useState(false)
  const startable = queue.filter((one) => isOpen(one) && Object.keys(faultsOf(one.fields)).length === 0)
  const dropped = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    add([...event.dataTransfer.files])
  }
  return (
    <Card withBorder mb="md" component="section" aria-label={t('files.upload')}>
      <div
        className={classes.drop} data-over={over || undefined} onDrop={dropped} onDragOver={(event) => { event.preventDefault(); setOver(true) }}
        onDragLeave={() => setOver(false)} role="presentation"
      >
        <Group justify="space-between">
          <div>
            <Title order={2}>{t('files.upload')}</Title>
            <Text c="dimmed">{t('files.drop')}</Text>
          </div>
          <FileButton onChange={add} multiple>
            {(props) => <Button {...props} variant="default" leftSection={<IconUpload size={16} aria-hidden />}>{t('files.choose')}</Button>}
          </FileButton>
        </Group>
      </div>
      {queue.length > 0 && (
        <Stack gap="sm" mt="sm" component="ul" p={0} style={{ listStyle: 'none' }}>
          {queue.map((one) => (
            <Upload
              key={one.id} upload={one} onEdit={(fields) => act({ do: 'edit', id: one.id, fields })} onStart={() => act({ do: 'start', ids: [one.id] })}
              onCancel={() => cancel(one.id)} onRemove={() => act({ do: 'remove', id: one.id })} onSend={onSend}
            />
          ))}
        </Stack>
      )}
      {startable.length > 1 && (
        <Group mt="sm"><Button onClick={() => act({ do: 'start', ids: startable.map((one) => one.id) })}>{t('files.sendAll', { count: startable.length })}</Button></Group>
      )}
    </Card>
  )
}
