import { Autocomplete, Button, Group, Modal, Stack, TagsInput, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '@/api/keys'
import { asProblem } from '@/api/problem'
import type { Device } from '@/api/types'
import { useMay } from '@/auth/me'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { groupsQuery, patchDevice } from '../api'
import { useDeviceScope } from '../context'
import { nameOf } from '../name'
import { patchOf } from './patch'

/** Changes what operators say of a device: its tags, its group, its model and its MAC address. */
export function EditDevice({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  return (
    <Modal opened={opened} onClose={onClose} title={t('device.edit.title', { name: nameOf(device) })} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <Form device={device} onClose={onClose} />
    </Modal>
  )
}

function Form({ device: now, onClose }: { device: Device; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  // What was there when the form opened: the phone may go on reporting meanwhile.
  const [device, setDevice] = useState(now)
  const [tags, setTags] = useState(device.tags)
  const [group, setGroup] = useState(device.group)
  const [model, setModel] = useState(device.model)
  const [mac, setMac] = useState(device.mac)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const patch = patchOf(device, { tags, group, model, mac })
    if (Object.keys(patch).length === 0) return onClose()
    setBusy(true)
    setProblem(undefined)
    try {
      const changed = await patchDevice(device, patch)
      client.setQueryData(keys.device(device.id), changed)
      onClose()
    } catch (thrown) {
      setProblem(thrown)
      // The next attempt is then based on what is there now, and does not fail for the same reason.
      if (asProblem(thrown).kind === 'precondition-failed') setDevice(now)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        <TagsInput label={t('device.tags')} description={t('device.edit.tags')} value={tags} onChange={setTags} clearable data-autofocus acceptValueOnBlur />
        <GroupInput value={group} onChange={setGroup} />
        <TextInput label={t('device.model')} value={model} onChange={(event) => setModel(event.currentTarget.value)} maxLength={64} />
        <TextInput label={t('device.mac')} value={mac} onChange={(event) => setMac(event.currentTarget.value)} placeholder="00:15:65:aa:bb:01" />
        <ProblemAlert problem={problem} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
          <Button type="submit" loading={busy}>{t('device.edit.deed')}</Button>
        </Group>
      </Stack>
    </form>
  )
}

function GroupInput({ value, onChange }: { value: string; onChange: (group: string) => void }) {
  const { t } = useTranslation()
  const [search] = useDebouncedValue(value, 250)
  const may = useMay('groups.read')
  const groups = useQuery({ ...groupsQuery(search), enabled: may, placeholderData: (old) => old })
  return (
    <Autocomplete label={t('device.group')} description={t('device.edit.group')} value={value} onChange={onChange}
      data={groups.data?.items.map((g) => g.path) ?? []} placeholder={t('device.noGroup')} filter={({ options }) => options} />
  )
}
