import { Button, Code, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ScopeSelect } from '@/access/ScopeSelect'
import { asProblem } from '@/api/problem'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useCreateGroup } from './api'
import { join, segmentFault, segmentOf } from './paths'

interface CreateGroupProps {
  /** The path of the group above; empty for the root. */
  parent: string
  onClose: () => void
  onMade: (path: string) => void
}

/** Makes a group. The name in its path follows the title until somebody writes one. */
export function CreateGroup({ parent, onClose, onMade }: CreateGroupProps) {
  const { t } = useTranslation()
  const create = useCreateGroup()
  const [own, setOwn] = useState<string>()
  const form = useForm({ initialValues: { parent, title: '', description: '' } })
  const segment = own ?? segmentOf(form.values.title)
  const path = join(form.values.parent, segment)
  const fault = segmentFault(segment, form.values.parent)
  const problem = create.error && asProblem(create.error)
  const taken = problem?.kind === 'duplicate' ? t('groups.taken') : problem?.field('path')
  const submit = form.onSubmit(({ title, description }) => {
    if (fault) return
    const body = { path, ...(title.trim() && { title: title.trim() }), ...(description.trim() && { description: description.trim() }) }
    create.mutate(body, { onSuccess: (made) => { onClose(); onMade(made.path) } })
  })
  return (
    <Modal opened onClose={onClose} title={t('groups.create')} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <ScopeSelect {...form.getInputProps('parent')} label={t('groups.parent')} description={t('groups.parentMeans')} />
          <TextInput label={t('groups.groupTitle')} description={t('groups.titleMeans')} maxLength={128} data-autofocus autoComplete="off" {...form.getInputProps('title')} />
          <TextInput
            label={t('groups.segment')} description={t('groups.segmentMeans')} value={segment} autoComplete="off" spellCheck={false}
            onChange={(event) => setOwn(event.currentTarget.value)} error={taken ?? (fault && (segment !== '' || own !== undefined) ? t(`groups.fault.${fault}`) : undefined)}
          />
          <Text size="sm" c="dimmed" aria-live="polite">{t('groups.path')}: <Code>{path || '–'}</Code></Text>
          <Textarea label={t('groups.description')} maxLength={1024} autosize minRows={2} {...form.getInputProps('description')} />
          <ProblemAlert problem={create.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
            <Button type="submit" disabled={fault !== undefined} loading={create.isPending}>{t('groups.createDeed')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
