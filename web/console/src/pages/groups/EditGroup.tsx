import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { GroupDetail } from '@/api/types'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useChangeGroup } from './api'

/** Changes what a group is called; its path stays. */
export function EditGroup({ group, onClose }: { group: GroupDetail; onClose: () => void }) {
  const { t } = useTranslation()
  const change = useChangeGroup(group.path)
  const form = useForm({ initialValues: { title: group.title, description: group.description } })
  const submit = form.onSubmit(({ title, description }) =>
    change.mutate({ title: title.trim(), description: description.trim() }, {
      onSuccess: onClose,
      onError: (thrown) => form.setErrors({ title: asProblem(thrown).field('title'), description: asProblem(thrown).field('description') }),
    }),
  )
  return (
    <Modal opened onClose={onClose} title={t('groups.editOne', { path: group.path })} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput label={t('groups.groupTitle')} description={t('groups.titleMeans')} maxLength={128} data-autofocus autoComplete="off" {...form.getInputProps('title')} />
          <Textarea label={t('groups.description')} maxLength={1024} autosize minRows={3} {...form.getInputProps('description')} />
          <ProblemAlert problem={change.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
            <Button type="submit" loading={change.isPending}>{t('groups.save')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
