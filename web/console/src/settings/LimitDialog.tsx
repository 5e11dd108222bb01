import { Button, Group, Modal, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useDesk } from './desk'
import { blank, keyOf } from './draft'
import type { Setting } from './model'
import { ValueInput } from './ValueInput'

interface LimitDialogProps {
  setting: Setting
  path: string
  onClose: () => void
}

/** Declares another value of a setting, for some models or devices only. */
export function LimitDialog({ setting, path, onClose }: LimitDialogProps) {
  const { t } = useTranslation()
  const { put, entries, draft } = useDesk()
  const [models, setModels] = useState<string[]>([])
  const [filter, setFilter] = useState('')
  const [value, setValue] = useState<unknown>(null)
  const entry = { ...blank(path, { models, filter: filter.trim() }), value }
  const key = keyOf(entry)
  const nobody = models.length === 0 && filter.trim() === ''
  const taken = !nobody && (draft.get(key)?.gone === false || (!draft.has(key) && entries.some((one) => keyOf(one) === key)))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    event.stopPropagation()
    put({ entry, gone: false, given: true })
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={t('settings.limitTitle', { title: setting.title })} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">{t('settings.limitMeans')}</Text>
          <TagsInput label={t('settings.models')} description={t('settings.modelsMean')} value={models} onChange={setModels} data-autofocus />
          <TextInput label={t('settings.filter')} description={t('settings.filterMeans')} value={filter} onChange={(event) => setFilter(event.currentTarget.value)} maxLength={2000} autoComplete="off" spellCheck={false} error={taken && t('settings.limitTaken')} />
          <div>
            <Text size="sm" fw={500}>{t('settings.limitValue')}</Text>
            <ValueInput setting={setting} label={t('settings.limitValue')} value={value} readOnly={false} onChange={setValue} />
          </div>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
            <Button type="submit" disabled={nobody || taken || value === null}>{t('settings.limitDeed')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
