import { Alert, Button, Card, Group, Progress, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { File as StoredFile } from '@/api/types'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { bytesText } from './bytes'
import { FieldsForm } from './FieldsForm'
import { faultsOf, type FileFields } from './fields'
import { isOpen, type Queued, type Stage } from './queue'

interface UploadProps {
  upload: Queued
  onEdit: (fields: FileFields) => void
  onStart: () => void
  onCancel: () => void
  onRemove: () => void
  /** Sends what is stored to a phone; absent for those who may not. */
  onSend?: (file: StoredFile) => void
}

/** One file of the queue: what is said of it, or how far it is. */
export function Upload({ upload, onEdit, onStart, onCancel, onRemove, onSend }: UploadProps) {
  const { t, i18n } = useTranslation()
  const { file, fields, state } = upload
  const open = isOpen(upload)
  const faulty = Object.keys(faultsOf(fields)).length > 0
  return (
    <Card withBorder component="li" p="sm" aria-label={file.name}>
      <Group justify="space-between" mb="xs">
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>{file.name} <Text span c="dimmed" fw={400}>{bytesText(file.size, i18n.language)}</Text></Text>
        <Group gap="xs">
          {open && <Button size="xs" onClick={onStart} disabled={faulty}>{state.stage === 'failed' ? t('problem.retry') : t('files.send')}</Button>}
          {(state.stage === 'sending' || state.stage === 'waiting') && <Button size="xs" variant="default" onClick={onCancel}>{t('files.cancel')}</Button>}
          {state.stage === 'done' && onSend && <Button size="xs" onClick={() => onSend(state.stored)}>{t('files.give.action')}</Button>}
          {(open || state.stage === 'done') && <Button size="xs" variant="subtle" onClick={onRemove} aria-label={t('files.removeOne', { name: file.name })}>{t('files.remove')}</Button>}
        </Group>
      </Group>
      {open && <FieldsForm fields={fields} onChange={onEdit} />}
      <Standing state={state} />
    </Card>
  )
}

function Standing({ state }: { state: Stage }) {
  const { t } = useTranslation()
  switch (state.stage) {
    case 'ready': return null
    case 'waiting': return <Text role="status">{t('files.waiting')}</Text>
    case 'failed': return <ProblemAlert problem={state.problem} mt="sm" />
    case 'done': return <Done state={state} />
    case 'sending': {
      const percent = Math.floor(state.part * 100)
      return (
        <>
          <Progress value={percent} aria-label={t('files.sending')} />
          <Text size="sm">{percent < 100 ? t('files.sent', { percent }) : t('files.storing')}</Text>
        </>
      )
    }
  }
}

function Done({ state: { stored, checksum } }: { state: Extract<Stage, { stage: 'done' }> }) {
  const { t } = useTranslation()
  const [colour, tone] = ({ different: ['red', 'bad'], same: ['green', 'good'], unknown: ['gray', 'quiet'] } as const)[checksum]
  return (
    <Alert variant="outline" color={colour} role="status" styles={{ title: { color: `var(--dialtone-${tone})` } }} title={t('files.stored', { name: stored.name })}>
      {t(`files.checksum.${checksum}`)}
      <Text size="xs" ff="monospace" mt={4} style={{ overflowWrap: 'anywhere' }}>SHA-256 {stored.sha256}</Text>
    </Alert>
  )
}
