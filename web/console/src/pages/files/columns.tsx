import { ActionIcon, Button, CopyButton, Group, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { File as StoredFile } from '@/api/types'
import type { Column } from '@/listing/VirtualTable'
import { Moment } from '@/time/Moment'
import { bytesText } from './bytes'
import { shortened } from './checksum'

interface Deeds {
  /** Absent for those who may not. */
  onSend?: (file: StoredFile) => void
  onDelete?: (file: StoredFile) => void
}

/** The columns of the list of files; the last one sends and deletes, for those who may. */
export function useFileColumns({ onSend, onDelete }: Deeds): Column<StoredFile>[] {
  const { t, i18n } = useTranslation()
  return useMemo(() => {
    const columns: Column<StoredFile>[] = [
      { key: 'name', title: t('files.field.name'), width: 'minmax(10rem, 2fr)', cell: (file) => file.name },
      { key: 'type', title: t('files.field.type'), width: 'minmax(8rem, 1.5fr)', cell: (file) => file.type || '–' },
      { key: 'size', title: t('files.size'), width: '5.5rem', cell: (file) => bytesText(file.size, i18n.language) },
      { key: 'version', title: t('files.field.version'), width: 'minmax(5rem, 1fr)', cell: (file) => file.version || '–' },
      { key: 'for', title: t('files.for'), width: 'minmax(7rem, 1fr)', cell: (file) => [file.oui, file.productClass].filter(Boolean).join(' ') || t('files.any') },
      { key: 'sha256', title: 'SHA-256', width: '11rem', cell: (file) => <Checksum sha256={file.sha256} name={file.name} /> },
      { key: 'createdAt', title: t('files.createdAt'), width: 'minmax(7rem, 1fr)', cell: (file) => <Moment at={file.createdAt} /> },
    ]
    if (!onSend && !onDelete) return columns
    const buttons = (file: StoredFile) => (
      <Group gap={6} wrap="nowrap">
        {onSend && <Button size="xs" variant="default" onClick={() => onSend(file)} aria-label={t('files.give.one', { name: file.name })}>{t('files.give.short')}</Button>}
        {onDelete && <Button size="xs" variant="outline" color="red" onClick={() => onDelete(file)} aria-label={t('files.deleteOne', { name: file.name })}>{t('files.delete')}</Button>}
      </Group>
    )
    return [...columns, { key: 'deeds', title: t('files.actions'), width: onSend && onDelete ? '12rem' : '7rem', cell: buttons }]
  }, [t, i18n.language, onSend, onDelete])
}

function Checksum({ sha256, name }: { sha256: string; name: string }) {
  const { t } = useTranslation()
  return (
    <Group gap={2} wrap="nowrap">
      <code title={sha256}>{shortened(sha256)}</code>
      <CopyButton value={sha256}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('access.copied') : t('files.copySum', { name })}>
            <ActionIcon size="sm" onClick={copy} aria-label={copied ? t('access.copied') : t('files.copySum', { name })}>
              {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  )
}
