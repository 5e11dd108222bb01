import { Button, Group, Modal, PasswordInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '@/api/client'
import { asProblem } from '@/api/problem'
import { GroupInput } from '@/devices/GroupInput'
import { nameOf } from '@/devices/name'
import { TagsInput } from '@/devices/TagsInput'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { emptyDevice, newDeviceOf, saysWhich, type NewDeviceForm } from './newDevice'

/** Adds a device before it arrives. */
export function AddDevice({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal opened onClose={onClose} title={t('devices.add.title')} size="lg" closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <Form onClose={onClose} />
    </Modal>
  )
}

type TextField = Exclude<keyof NewDeviceForm, 'tags'>

function Form({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [form, setForm] = useState(emptyDevice)
  const add = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/devices', { body: newDeviceOf(form) })),
    onSuccess: (device) => {
      notifications.show({ message: t('devices.add.added', { device: nameOf(device) }) })
      void client.invalidateQueries({ queryKey: ['devices'] })
      void client.invalidateQueries({ queryKey: ['deviceSummary'] })
      onClose()
    },
  })
  const problem = add.error ? asProblem(add.error) : undefined
  const field = (name: TextField) => ({
    label: t(`devices.add.${name}`), value: form[name], error: problem?.field(name), autoComplete: 'off', spellCheck: false,
    onChange: (event: { currentTarget: { value: string } }) => setForm({ ...form, [name]: event.currentTarget.value }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (saysWhich(form)) add.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text>{t('devices.add.explanation')}</Text>
        <ProblemAlert problem={add.error} />
        <TextInput {...field('mac')} placeholder="00:15:65:aa:bb:01" data-autofocus />
        <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
          <TextInput {...field('oui')} placeholder="001565" />
          <TextInput {...field('productClass')} placeholder="SIP-T46S" />
          <TextInput {...field('serialNumber')} />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput {...field('model')} />
          <GroupInput label={t('devices.group')} value={form.group} onChange={(group) => setForm({ ...form, group })} error={problem?.field('group')} />
        </SimpleGrid>
        <TagsInput label={t('devices.tags')} value={form.tags} onChange={(tags) => setForm({ ...form, tags })} error={problem?.field('tags')} />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput {...field('cwmpUsername')} />
          <PasswordInput {...field('cwmpPassword')} autoComplete="new-password" visibilityToggleButtonProps={{ 'aria-label': t('devices.add.showPassword') }} />
        </SimpleGrid>
      </Stack>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
        <Button type="submit" loading={add.isPending} disabled={!saysWhich(form)}>{t('devices.add.deed')}</Button>
      </Group>
    </form>
  )
}
