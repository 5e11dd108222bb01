import { Autocomplete, Button, Group, Modal, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Device, File } from '@/api/types'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { ProblemAlert } from '@/parts/ProblemAlert'
import type { TaskBody } from '@/tasks/api'
import { filesQuery } from '../api'
import { useDeviceScope } from '../context'
import { nameOf } from '../name'
import { downloadBody, fileTypes, fits } from './download'

interface DownloadFileProps {
  opened: boolean
  onClose: () => void
  send: (body: TaskBody) => Promise<unknown>
}

/** Chooses a file that the phone is to fetch. */
export function DownloadFile({ opened, onClose, send }: DownloadFileProps) {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  return (
    <Modal opened={opened} onClose={onClose} title={t('device.download.title', { name: nameOf(device) })} closeButtonProps={{ 'aria-label': t('parts.close') }} size="lg">
      <Choice device={device} onClose={onClose} send={send} />
    </Modal>
  )
}

function Choice({ device, onClose, send }: Omit<DownloadFileProps, 'opened'> & { device: Device }) {
  const { t } = useTranslation()
  const files = useQuery(filesQuery)
  return (
    <>
      <Text mb="sm">{t('device.download.explanation')}</Text>
      <Loaded query={files}>
        {({ items }) => items.length === 0
          ? <EmptyState title={t('device.download.none')}>{t('device.download.noneTry')}</EmptyState>
          : <Form files={items} device={device} onClose={onClose} send={send} />}
      </Loaded>
    </>
  )
}

function Form({ files, device, onClose, send }: Omit<DownloadFileProps, 'opened'> & { files: File[]; device: Device }) {
  const { t } = useTranslation()
  const [name, setName] = useState<string | null>(null)
  const [fileType, setFileType] = useState('')
  const [target, setTarget] = useState('')
  const [delay, setDelay] = useState<number | string>('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const file = files.find((f) => f.name === name)
  const choose = (next: string | null) => {
    setName(next)
    setFileType(files.find((f) => f.name === next)?.type ?? '')
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!file) return
    setBusy(true)
    setProblem(undefined)
    try {
      await send(downloadBody(file, { fileType, targetFileName: target, delaySeconds: delay }))
      onClose()
    } catch (thrown) {
      setProblem(thrown)
    } finally {
      setBusy(false)
    }
  }
  const option = (f: File) => ({ value: f.name, label: [f.name, f.version].filter(Boolean).join(' · ') })
  const data = [
    { group: t('device.download.fitting'), items: files.filter((f) => fits(f, device)).map(option) },
    { group: t('device.download.others'), items: files.filter((f) => !fits(f, device)).map(option) },
  ].filter(({ items }) => items.length > 0)
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        <Select label={t('device.download.file')} data={data} value={name} onChange={choose} searchable required data-autofocus nothingFoundMessage={t('device.download.noMatch')} />
        {file && !fits(file, device) && <Text c="var(--dialtone-warn)" role="status">{t('device.download.misfit', { productClass: [file.oui, file.productClass].filter(Boolean).join(' ') })}</Text>}
        <Autocomplete label={t('device.download.type')} description={t('device.download.typeExplanation')} data={fileTypes} value={fileType} onChange={setFileType} required />
        <Group grow align="flex-start">
          <TextInput label={t('device.download.target')} description={t('device.download.targetExplanation')} value={target} onChange={(event) => setTarget(event.currentTarget.value)} />
          <NumberInput label={t('device.download.delay')} description={t('device.download.delayExplanation')} min={0} max={129600} allowDecimal={false} value={delay} onChange={setDelay} />
        </Group>
        <ProblemAlert problem={problem} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
          <Button type="submit" disabled={!file} loading={busy}>{t('device.download.deed')}</Button>
        </Group>
      </Stack>
    </form>
  )
}
