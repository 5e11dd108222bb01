import { Button, Card, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import { asProblem } from '@/api/problem'
import type { Device } from '@/api/types'
import { useMay } from '@/auth/me'
import { GroupInput } from '@/devices/GroupInput'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { ModelInput } from '@/provisioning/ModelInput'
import { AccountFields } from './AccountFields'
import { emptyPhone, fieldOf, isMAC, newPhoneOf, settingsOf } from './form'

/** The few things that have to be said of a new phone. */
export function PhoneFormCard({ onAdded }: { onAdded: (id: string) => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const may = useMay('settings.write')
  const add = useMutation({ mutationFn: (body: ReturnType<typeof newPhoneOf>) => answer(api.POST('/api/v1/devices', { body })) as Promise<Device> })
  const form = useForm({
    initialValues: { ...emptyPhone, takes: may ? emptyPhone.takes : 'nothing' as const },
    validate: {
      mac: (mac) => (isMAC(mac) ? null : t('addPhone.macRule')),
      line: (line, { takes }) => (takes === 'line' && line.trim() === '' ? t('addPhone.lineNeeded') : null),
      user: (user, { takes }) => (takes === 'account' && user.trim() === '' ? t('addPhone.userNeeded') : null),
    },
  })
  const submit = form.onSubmit((values) => add.mutate(newPhoneOf(values), {
    onSuccess: (device) => {
      client.setQueryData(keys.device(device.id), device)
      void client.invalidateQueries({ queryKey: ['devices'] })
      void client.invalidateQueries({ queryKey: keys.deviceSummary })
      onAdded(device.id)
    },
    onError: (thrown) => {
      for (const { location = '', message } of asProblem(thrown).errors) {
        const field = fieldOf(location, settingsOf(values))
        if (field) form.setFieldError(field, message)
      }
    },
  }))
  return (
    <Card withBorder maw={640}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <ModelInput label={t('addPhone.model')} value={form.values.model} onChange={(model) => form.setFieldValue('model', model)} error={form.errors.model} />
          <TextInput label={t('addPhone.mac')} description={t('addPhone.macWhere')} required placeholder="00:15:65:11:22:33" autoComplete="off" spellCheck={false} {...form.getInputProps('mac')} />
          <GroupInput label={t('devices.group')} description={t('addPhone.groupMeans')} value={form.values.group} onChange={(group) => form.setFieldValue('group', group)} error={form.errors.group} />
          <AccountFields form={form} may={may} />
          <ProblemAlert problem={add.error} />
          <Group justify="flex-end"><Button type="submit" loading={add.isPending}>{t('addPhone.deed')}</Button></Group>
        </Stack>
      </form>
    </Card>
  )
}
