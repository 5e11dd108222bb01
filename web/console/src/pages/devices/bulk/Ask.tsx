import { Button, Checkbox, Group, Text, TextInput } from '@mantine/core'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/auth/me'
import { GroupInput } from '@/devices/GroupInput'
import { TagsInput } from '@/devices/TagsInput'
import { infoOf, type BulkAction } from './actions'
import { FileChoice } from './FileChoice'
import { ParameterRows } from './ParameterRows'
import { isComplete, type BulkForm } from './payload'

interface AskProps {
  action: BulkAction
  form: BulkForm
  onChange: (form: BulkForm) => void
  busy: boolean
  onCancel: () => void
  onContinue: () => void
}

/** Asks what exactly is to be done. Nothing is done yet: the next step counts the devices. */
export function Ask({ action, form, onChange, busy, onCancel, onContinue }: AskProps) {
  const { t } = useTranslation()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isComplete(action, form)) onContinue()
  }
  return (
    <form onSubmit={submit}>
      <Text mb="sm">{t(`devices.bulk.explain.${action}`)}</Text>
      <Fields action={action} form={form} onChange={onChange} />
      <CallNow action={action} form={form} onChange={onChange} />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onCancel}>{t('parts.cancel')}</Button>
        <Button type="submit" loading={busy} disabled={!isComplete(action, form)}>{t('devices.bulk.count')}</Button>
      </Group>
    </form>
  )
}

function Fields({ action, form, onChange }: Pick<AskProps, 'action' | 'form' | 'onChange'>) {
  const { t } = useTranslation()
  switch (action) {
    case 'addTags':
    case 'removeTags':
      return <TagsInput label={t('devices.tags')} value={form.tags} onChange={(tags) => onChange({ ...form, tags })} atOnce />
    case 'moveToGroup':
      return <GroupInput label={t('devices.group')} description={t('devices.groupEmpty')} value={form.group} onChange={(group) => onChange({ ...form, group })} atOnce />
    case 'refresh':
      return (
        <TextInput label={t('devices.bulk.path')} description={t('devices.bulk.pathWhat')} placeholder="Device.Time." value={form.path} data-autofocus
          onChange={(event) => onChange({ ...form, path: event.currentTarget.value })} />
      )
    case 'setParameterValues':
      return <ParameterRows rows={form.parameters} onChange={(parameters) => onChange({ ...form, parameters })} />
    case 'download':
      return <FileChoice value={form.file} onChange={(file) => onChange({ ...form, file })} />
    default:
      return null
  }
}

function CallNow({ action, form, onChange }: Pick<AskProps, 'action' | 'form' | 'onChange'>) {
  const { t } = useTranslation()
  const may = useMay('devices.wake')
  if (infoOf(action).permission !== 'tasks.write') return null
  return (
    <Checkbox
      mt="md" label={t('devices.bulk.call')} description={may ? t('devices.bulk.callWhat') : t('devices.lacksPermission', { permission: 'devices.wake' })}
      checked={form.call} disabled={!may} onChange={(event) => onChange({ ...form, call: event.currentTarget.checked })}
    />
  )
}
