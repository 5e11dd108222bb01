import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Device, File as StoredFile } from '@/api/types'
import { nameOf } from '@/devices/name'
import { PhoneSelect } from '@/devices/PhoneSelect'
import { all, equals } from '@/listing/filters'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useQueueAndFollow } from '@/tasks/follow'

/** The filter of the devices that a file says it is for; empty if it says nothing. */
export function devicesFor(file: Pick<StoredFile, 'oui' | 'productClass'>): string {
  return all(file.oui && equals('oui', file.oui), file.productClass && equals('productClass', file.productClass))
}

/** Has one phone fetch a file. */
export function SendToPhone({ file, onClose }: { file: StoredFile; onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [device, setDevice] = useState<Device>()
  const queue = useQueueAndFollow(
    { id: device?.id ?? '', name: device ? nameOf(device) : '' },
    (task) => void navigate({ to: `/devices/${task.device}` as string, search: { tab: 'tasks', task: task.id } as never }),
  )
  const send = useMutation({ mutationFn: () => queue({ kind: 'download', file: file.name }), onSuccess: onClose })
  const limits = [file.oui, file.productClass].filter(Boolean).join(' ')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (device) send.mutate()
  }
  return (
    <Modal opened onClose={onClose} title={t('files.give.title', { name: file.name })} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text>{t('device.download.explanation')}</Text>
          <PhoneSelect
            label={t('files.give.phone')} description={limits ? t('files.give.limited', { limits }) : t('files.give.how')} required data-autofocus
            among={devicesFor(file)} value={device} onChange={setDevice}
          />
          <ProblemAlert problem={send.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
            <Button type="submit" disabled={!device} loading={send.isPending}>{t('files.give.deed')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
