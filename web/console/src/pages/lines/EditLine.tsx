import { Button, Checkbox, Group, Modal, Radio, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ScopeSelect } from '@/access/ScopeSelect'
import { asProblem } from '@/api/problem'
import type { Line } from '@/api/types'
import { ConfirmDeed } from '@/parts/ConfirmDeed'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { SecretInput } from '@/parts/SecretInput'
import { useChangeLine, useCreateLine, useDeleteLine } from './api'
import { formOf, newLineOf, patchOf, textFields, type LineForm, type PasswordChoice } from './form'

interface CreateLineProps {
  /** The group that the form begins with. */
  group: string
  onClose: () => void
}

/** Adds a line. */
export function CreateLine({ group, onClose }: CreateLineProps) {
  const { t } = useTranslation()
  const create = useCreateLine()
  return (
    <Modal opened onClose={onClose} size="lg" title={t('lines.create')} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <Form start={formOf(undefined, group)} choices={['auto', 'given', 'none']} deed={t('lines.createDeed')} problem={create.error} busy={create.isPending} onClose={onClose} onSend={async (form) => { await create.mutateAsync(newLineOf(form)) }} />
    </Modal>
  )
}

interface EditLineProps {
  line: Line
  onClose: () => void
}

/** Changes or deletes a line; its group and number stay. */
export function EditLine({ line, onClose }: EditLineProps) {
  const { t } = useTranslation()
  const change = useChangeLine(line)
  const remove = useDeleteLine(line)
  const [asking, setAsking] = useState(false)
  const choices: PasswordChoice[] = line.secret ? ['keep', 'auto', 'given', 'none'] : ['keep', 'auto', 'given']
  return (
    <>
      <Modal opened onClose={onClose} size="lg" title={t('lines.editOne', { number: line.number })} closeButtonProps={{ 'aria-label': t('parts.close') }}>
        <Form line={line} start={formOf(line, line.group)} choices={choices} deed={t('lines.save')} problem={change.error} busy={change.isPending} onClose={onClose} onDelete={() => setAsking(true)} onSend={async (form) => { await change.mutateAsync(patchOf(line, form)) }} />
      </Modal>
      {asking && (
        <ConfirmDeed title={t('lines.deleteOne', { number: line.number })} deed={t('lines.delete')} harmful onClose={() => setAsking(false)} onConfirm={async () => { await remove.mutateAsync(); onClose() }}>
          {t('lines.deleteMeans')}
        </ConfirmDeed>
      )}
    </>
  )
}

interface FormProps {
  /** The line that is changed. */
  line?: Line
  start: LineForm
  choices: readonly PasswordChoice[]
  deed: string
  problem: unknown
  busy: boolean
  onSend: (form: LineForm) => Promise<void>
  onDelete?: () => void
  onClose: () => void
}

function Form({ line, start, choices, deed, problem, busy, onSend, onDelete, onClose }: FormProps) {
  const { t } = useTranslation()
  const form = useForm({
    initialValues: start,
    validate: {
      number: (number) => (number.trim() === '' ? t('lines.numberNeeded') : null),
      password: (password, { choice }) => (choice === 'given' && password === '' ? t('lines.passwordNeeded') : null),
    },
  })
  const submit = form.onSubmit((values) => onSend(values).then(onClose, (thrown: unknown) => {
    const found = asProblem(thrown)
    for (const field of ['group', 'number', 'password', ...textFields] as const) form.setFieldError(field, found.field(field))
    if (found.kind === 'duplicate') form.setFieldError('number', t('lines.taken'))
  }))
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        {line ? <Text size="sm" c="dimmed">{line.group ? t('lines.ofGroup', { group: line.group }) : t('lines.ofRoot')}</Text>
          : <ScopeSelect {...form.getInputProps('group')} label={t('lines.group')} description={t('lines.groupMeans')} />}
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
          {!line && <TextInput label={t('lines.number')} description={t('lines.numberMeans')} required maxLength={64} data-autofocus autoComplete="off" {...form.getInputProps('number')} />}
          {textFields.map((field) => <TextInput key={field} label={t(`lines.${field}`)} description={t(`lines.means.${field}`)} maxLength={128} autoComplete="off" spellCheck={false} {...form.getInputProps(field)} />)}
        </SimpleGrid>
        <Radio.Group label={t('lines.password')} description={t('lines.passwordMeans')} {...form.getInputProps('choice')}>
          <Group gap="md" mt={4}>
            {choices.map((choice) => <Radio key={choice} value={choice} label={t(choice === 'keep' && !line?.secret ? 'lines.choice.without' : `lines.choice.${choice}`)} />)}
          </Group>
        </Radio.Group>
        {form.values.choice === 'given' && <SecretInput label={t('lines.newPassword')} maxLength={256} autoComplete="new-password" {...form.getInputProps('password')} />}
        <Checkbox label={t('lines.listed')} description={t('lines.listedMeans')} {...form.getInputProps('listed', { type: 'checkbox' })} />
        <ProblemAlert problem={problem} />
        <Group justify="space-between">
          {onDelete ? <Button variant="outline" color="red" onClick={onDelete}>{t('lines.delete')}</Button> : <span />}
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
            <Button type="submit" loading={busy}>{deed}</Button>
          </Group>
        </Group>
      </Stack>
    </form>
  )
}
