import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { Stranger } from '@/api/types'
import { GroupInput } from '@/devices/GroupInput'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { LineInput } from '@/provisioning/LineInput'
import { ModelInput } from '@/provisioning/ModelInput'
import { adoptionOf, formOf, strangerName } from './adoption'
import { useAdopt } from './api'

interface AdoptProps {
  stranger: Stranger
  onClose: () => void
  onAdopted: (device: string) => void
}

/** Makes a device of a phone that is not known: most is told by the phone already. */
export function Adopt({ stranger, onClose, onAdopted }: AdoptProps) {
  const { t } = useTranslation()
  const adopt = useAdopt(stranger.id)
  const form = useForm({ initialValues: formOf(stranger), validate: { mac: (mac) => (mac.trim() === '' ? t('strangers.macNeeded') : null) } })
  const submit = form.onSubmit((values) => adopt.mutate(adoptionOf(values, stranger), {
    onSuccess: (device) => onAdopted(device.id),
    onError: (thrown) => {
      const problem = asProblem(thrown)
      form.setErrors(Object.fromEntries((['mac', 'model', 'group', 'line'] as const).map((field) => [field, problem.field(field)])))
    },
  }))
  return (
    <Modal opened onClose={onClose} title={t('strangers.adoptOne', { phone: strangerName(stranger) })} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Text>{t('strangers.adoptMeans')}</Text>
          {stranger.mac === '' && <TextInput label={t('strangers.mac')} description={t('strangers.macUnknown')} required autoComplete="off" spellCheck={false} {...form.getInputProps('mac')} />}
          <ModelInput label={t('strangers.model')} value={form.values.model} onChange={(model) => form.setFieldValue('model', model)} error={form.errors.model} />
          <GroupInput label={t('devices.group')} atOnce value={form.values.group} onChange={(group) => form.setFieldValue('group', group)} error={form.errors.group} />
          <LineInput label={t('strangers.line')} description={t('strangers.lineMeans')} group={form.values.group} value={form.values.line} onChange={(line) => form.setFieldValue('line', line)} error={form.errors.line} />
          <ProblemAlert problem={adopt.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
            <Button type="submit" loading={adopt.isPending}>{t('strangers.adopt')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
