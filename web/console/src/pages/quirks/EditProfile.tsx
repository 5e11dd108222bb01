import { Alert, Button, Checkbox, Code, Fieldset, Group, Input, List, Modal, NumberInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { JsonEditor } from '@/json/JsonEditor'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useSaveProfile } from './api'
import { bodyOf, deviceFields, faultsOf, isProfileID, type BehaviourFault } from './form'
import { hintsFor } from './hints'
import type { Edited } from './index'

interface EditProfileProps extends Edited {
  /** The ids that profiles have. */
  taken: readonly string[]
  onClose: () => void
  onSaved: (id: string) => void
}

/** Makes a profile, or changes one: which devices it is for as fields, how the server treats them as JSON. */
export default function EditProfile({ form: start, revision, exists, taken, onClose, onSaved }: EditProfileProps) {
  const { t } = useTranslation()
  const save = useSaveProfile()
  const [wrong, setWrong] = useState<string>()
  const form = useForm({
    initialValues: start,
    validate: {
      id: (id) => (exists ? null : !isProfileID(id) ? t('quirks.idRule') : taken.includes(id) ? t('quirks.idTaken') : null),
      name: (name) => (name.trim() === '' ? t('quirks.nameNeeded') : null),
    },
  })
  const submit = form.onSubmit((values) => {
    const read = bodyOf(values)
    setWrong('wrong' in read ? t('quirks.wrongJSON', { detail: read.wrong }) : undefined)
    if ('wrong' in read) return
    save.mutate({ id: values.id, body: read.body, revision }, {
      onSuccess: () => onSaved(values.id),
      onError: (thrown) => {
        const problem = asProblem(thrown)
        const device = (field: string) => problem.field(`devices.${field}`)
        form.setErrors({
          id: problem.errors.find((e) => e.location === 'path.id')?.message, name: problem.field('name'), why: problem.field('why'), priority: problem.field('priority'),
          manufacturer: device('manufacturer') ?? problem.field('devices'), oui: device('oui'), productClass: device('productClass'), softwareVersion: device('softwareVersion'),
        })
      },
    })
  })
  const faults = save.error ? faultsOf(asProblem(save.error).errors, form.values.behaviour) : []
  return (
    <Modal opened onClose={onClose} size="xl" title={exists ? t('quirks.editOne', { name: start.name }) : t('quirks.create')} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput label={t('quirks.id')} description={t('quirks.idRule')} required readOnly={exists} data-autofocus={!exists || undefined} autoComplete="off" spellCheck={false} {...form.getInputProps('id')} />
          <TextInput label={t('quirks.name')} description={t('quirks.nameMeans')} required maxLength={500} data-autofocus={exists || undefined} autoComplete="off" {...form.getInputProps('name')} />
          <TextInput label={t('quirks.why')} description={t('quirks.whyMeans')} maxLength={500} autoComplete="off" {...form.getInputProps('why')} />
          <Fieldset legend={t('quirks.devices')}>
            <Text size="xs" c="dimmed" mb="xs">{t('quirks.devicesMean')}</Text>
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
              {deviceFields.map((field) => <TextInput key={field} label={t(`quirks.device.${field}`)} maxLength={256} autoComplete="off" spellCheck={false} {...form.getInputProps(field)} />)}
            </SimpleGrid>
          </Fieldset>
          <div>
            <Input.Label component="div">{t('quirks.behaviour')}</Input.Label>
            <Input.Description mb={4}>{t('quirks.behaviourMeans')}</Input.Description>
            <JsonEditor template={start.behaviour} label={t('quirks.behaviour')} hints={hintsFor} onChange={(text) => form.setFieldValue('behaviour', text)} onSend={() => submit()} />
            <Faults wrong={wrong} faults={faults} />
          </div>
          <Group align="flex-start" gap="xl">
            <NumberInput label={t('quirks.priority')} description={t('quirks.priorityMeans')} min={-1000} max={1000} allowDecimal={false} maw={320} {...form.getInputProps('priority')} />
            <Checkbox mt={28} label={t('quirks.turnedOff')} description={t('quirks.turnedOffMeans')} {...form.getInputProps('disabled', { type: 'checkbox' })} />
          </Group>
          <ProblemAlert problem={save.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
            <Button type="submit" loading={save.isPending}>{t(exists ? 'quirks.save' : 'quirks.createDeed')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function Faults({ wrong, faults }: { wrong: string | undefined; faults: readonly BehaviourFault[] }) {
  const { t } = useTranslation()
  if (!wrong && faults.length === 0) return null
  return (
    <Alert color="red" variant="outline" role="alert" mt="xs" title={t('quirks.behaviourWrong')}>
      {wrong}
      <List size="sm">
        {faults.map(({ field, line, message }) => (
          <List.Item key={field + message}>{line && <>{t('quirks.line', { line })}: </>}{field && <Code>{field}</Code>} {message}</List.Item>
        ))}
      </List>
    </Alert>
  )
}
