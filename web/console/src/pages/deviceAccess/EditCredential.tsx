import { Button, Checkbox, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { AccessRule, SharedCredential } from '@/api/types'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { SecretInput } from '@/parts/SecretInput'
import { useSaveCredential } from './api'
import { credentialOf, credentialValuesOf, errorsOf, idOf, isID, titleOf } from './form'
import { Limits } from './Limits'
import { NameAndID } from './NameAndID'

interface EditCredentialProps {
  /** The credential to change; absent for a new one. */
  credential?: SharedCredential
  rules: readonly AccessRule[]
  /** The IDs that shared credentials have. */
  taken: readonly string[]
  onClose: () => void
}

/** Makes a shared credential, or changes one; its password is never shown. */
export function EditCredential({ credential, rules, taken, onClose }: EditCredentialProps) {
  const { t } = useTranslation()
  const save = useSaveCredential(credential?.revision ?? 0)
  const form = useForm({
    initialValues: credentialValuesOf(credential),
    validate: {
      id: (id) => (credential ? null : !isID(id) ? t('deviceAccess.idRule') : taken.includes(id) ? t('deviceAccess.idTaken') : null),
      username: (username) => (username ? null : t('deviceAccess.usernameNeeded')),
      password: (password) => (credential || password ? null : t('deviceAccess.passwordNeeded')),
    },
  })
  const submit = form.onSubmit((values) => save.mutate({ id: values.id, body: credentialOf(values) }, {
    onSuccess: onClose,
    onError: (thrown) => form.setErrors(errorsOf(asProblem(thrown))),
  }))
  const { values } = form
  return (
    <Modal opened onClose={onClose} size="lg" title={credential ? t('deviceAccess.editCredential', { name: titleOf(credential) }) : t('deviceAccess.newCredential')} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <form onSubmit={submit} noValidate autoComplete="off">
        <Stack gap="sm">
          <NameAndID form={form} exists={credential !== undefined} nameMeans={t('deviceAccess.credentialNameMeans')} />
          <TextInput label={t('deviceAccess.username')} description={t('deviceAccess.usernameMeans')} maxLength={256} autoComplete="off" autoCapitalize="none" spellCheck={false} {...form.getInputProps('username')} />
          <SecretInput label={t('deviceAccess.password')} description={credential ? t('deviceAccess.passwordKeeps') : t('deviceAccess.passwordMeans')} maxLength={256} autoComplete="new-password" {...form.getInputProps('password')} />
          <Checkbox label={t('deviceAccess.enabled')} description={t('deviceAccess.credentialEnabledMeans')} {...form.getInputProps('enabled', { type: 'checkbox' })} />
          <NativeSelect label={t('deviceAccess.underRule')} description={t('deviceAccess.underRuleMeans')} data={useRuleChoices(rules, values.rule)} {...form.getInputProps('rule')} />
          <Limits
            listeners={values.listeners} onListeners={(names) => form.setFieldValue('listeners', names)} listenersError={form.errors.listeners as string}
            filter={values.filter} onFilter={(filter) => form.setFieldValue('filter', filter)} filterMeans={t('deviceAccess.credentialFilterMeans')}
            seen={{ filter: save.variables?.body.filter ?? '', problem: save.error }}
          />
          <ProblemAlert problem={save.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
            <Button type="submit" loading={save.isPending}>{credential ? t('deviceAccess.save') : t('deviceAccess.createCredential')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** The rules that a credential can be for; one that is gone stays as long as it is chosen. */
function useRuleChoices(rules: readonly AccessRule[], chosen: string) {
  const { t } = useTranslation()
  const choices = rules.filter((rule) => !rule.builtIn).map(({ id, name }) => ({ value: id, label: idOf(name) === id ? name : `${name} (${id})` }))
  const gone = chosen !== '' && !rules.some(({ id }) => id === chosen)
  return [{ value: '', label: t('deviceAccess.everyRule') }, ...choices, ...(gone ? [{ value: chosen, label: t('deviceAccess.goneRule', { id: chosen }) }] : [])]
}
