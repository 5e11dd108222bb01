import { Button, Checkbox, Fieldset, Group, Modal, NativeSelect, NumberInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { AccessRule } from '@/api/types'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useSaveRule } from './api'
import { asksCertificate, errorsOf, isID, reactions, ruleOf, templates, valuesOf } from './form'
import { Limits } from './Limits'
import { NameAndID } from './NameAndID'
import { OwnCredentials, Proof } from './Proof'

interface EditRuleProps {
  /** The rule to change; absent for a new one. */
  rule?: AccessRule
  /** The IDs that rules have. */
  taken: readonly string[]
  onClose: () => void
}

/** Makes a rule of device access, or changes one. */
export function EditRule({ rule, taken, onClose }: EditRuleProps) {
  const { t } = useTranslation()
  const save = useSaveRule(rule?.revision ?? 0)
  const form = useForm({
    initialValues: valuesOf(rule),
    validate: {
      id: (id) => (rule ? null : !isID(id) ? t('deviceAccess.idRule') : taken.includes(id) ? t('deviceAccess.idTaken') : null),
      name: (name) => (name.trim() ? null : t('deviceAccess.nameNeeded')),
      priority: (priority) => (priority === '' ? t('deviceAccess.priorityNeeded') : null),
      methods: (methods) => (methods.length > 0 ? null : t('deviceAccess.methodNeeded')),
      serialNumber: (_, values) => (asksCertificate(values.methods) && templates.every((name) => values[name].trim() === '') ? t('deviceAccess.templateNeeded') : null),
    },
  })
  const submit = form.onSubmit((values) => save.mutate({ id: values.id, body: ruleOf(values) }, {
    onSuccess: onClose,
    onError: (thrown) => form.setErrors(errorsOf(asProblem(thrown))),
  }))
  const choices = reactions.map((value) => ({ value, label: t(`deviceAccess.reaction.${value}.long`) }))
  const { values } = form
  return (
    <Modal opened onClose={onClose} size="lg" title={rule ? t('deviceAccess.editRule', { name: rule.name }) : t('deviceAccess.newRule')} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <NameAndID form={form} exists={rule !== undefined} nameMeans={t('deviceAccess.ruleNameMeans')} />
          <NumberInput label={t('deviceAccess.priority')} description={t('deviceAccess.priorityMeans')} min={-1000} max={1000} allowDecimal={false} {...form.getInputProps('priority')} />
          <Checkbox label={t('deviceAccess.enabled')} description={t('deviceAccess.ruleEnabledMeans')} {...form.getInputProps('enabled', { type: 'checkbox' })} />
          <Fieldset legend={t('deviceAccess.for')}>
            <Stack gap="sm">
              <Limits
                listeners={values.listeners} onListeners={(names) => form.setFieldValue('listeners', names)} listenersError={form.errors.listeners as string}
                filter={values.filter} onFilter={(filter) => form.setFieldValue('filter', filter)} filterMeans={t('deviceAccess.filterMeans')}
                seen={{ filter: save.variables?.body.filter ?? '', problem: save.error }}
              />
            </Stack>
          </Fieldset>
          <Proof form={form} />
          <Fieldset legend={t('deviceAccess.reactions')}>
            <Stack gap="sm">
              <NativeSelect label={t('deviceAccess.unknown')} description={t('deviceAccess.unknownMeans')} data={choices} {...form.getInputProps('unknown')} />
              <NativeSelect label={t('deviceAccess.rebootstrap')} description={t('deviceAccess.rebootstrapMeans')} data={choices} {...form.getInputProps('rebootstrap')} />
            </Stack>
          </Fieldset>
          <OwnCredentials form={form} />
          <ProblemAlert problem={save.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
            <Button type="submit" loading={save.isPending}>{rule ? t('deviceAccess.save') : t('deviceAccess.createRule')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
