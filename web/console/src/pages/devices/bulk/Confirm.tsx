import { Button, Code, Group, List, Text, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { nameOf } from '@/devices/name'
import { useNumbers } from '@/devices/numbers'
import type { BulkAction } from './actions'
import type { DryRun } from './calls'
import type { BulkForm } from './payload'

interface ConfirmProps {
  found: DryRun
  action: BulkAction
  form: BulkForm
  /** The number has to be typed. */
  typed: boolean
  busy: boolean
  onBack: () => void
  onConfirm: () => void
}

/** Says what will be done with how many devices, and asks for it once more. */
export function Confirm({ found, action, form, typed, busy, onBack, onConfirm }: ConfirmProps) {
  const { t } = useTranslation()
  const { count } = useNumbers()
  const [word, setWord] = useState('')
  const ready = found.matched > 0 && (!typed || word.trim() === String(found.matched))
  const deed = t(`devices.bulk.deed.${action}`, { count: found.matched, number: count(found.matched) })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready) onConfirm()
  }
  return (
    <form onSubmit={submit}>
      <Text fw={600} role="status">{found.matched === 0 ? t('devices.bulk.nothing') : deed}</Text>
      <Details action={action} form={form} />
      {found.sample.length > 0 && <Text mt="sm" size="sm" c="dimmed">{t('devices.bulk.sample')}</Text>}
      <List size="sm">
        {found.sample.map((device) => <List.Item key={device.id}>{[nameOf(device), device.model, device.group].filter(Boolean).join(' · ')}</List.Item>)}
      </List>
      {typed && found.matched > 0 && (
        <TextInput
          mt="md" label={<Trans t={t} i18nKey="parts.confirm.type" values={{ word: found.matched }} components={{ word: <Code /> }} />} data-autofocus
          value={word} onChange={(event) => setWord(event.currentTarget.value)} autoComplete="off" inputMode="numeric"
        />
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onBack}>{t('devices.bulk.back')}</Button>
        <Button type="submit" {...(typed ? { color: 'red' } : {})} disabled={!ready} loading={busy}>{deed}</Button>
      </Group>
    </form>
  )
}

function Details({ action, form }: { action: BulkAction; form: BulkForm }) {
  const { t } = useTranslation()
  const lines: Partial<Record<BulkAction, string[]>> = {
    addTags: form.tags, removeTags: form.tags, moveToGroup: [form.group.trim() || t('devices.noGroup')], refresh: [form.path.trim() || t('devices.bulk.wholeTree')], download: [form.file],
    setParameterValues: form.parameters.filter((p) => p.path.trim() !== '').map((p) => `${p.path.trim()} = ${p.value}`),
  }
  const shown = lines[action]
  return shown ? <Code block mt="xs" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{shown.join('\n')}</Code> : null
}
