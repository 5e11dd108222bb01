import { Alert, Button, Checkbox, Code, Fieldset, Group, NativeSelect, NumberInput, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { asksCertificate, asksPassword, ciscoIdentity, methods, templates, type RuleValues } from './form'

interface PartProps {
  form: UseFormReturnType<RuleValues>
}

/** How devices prove who they are. */
export function Proof({ form }: PartProps) {
  const { t } = useTranslation()
  const chosen = form.values.methods
  return (
    <Fieldset legend={t('deviceAccess.proof')}>
      <Stack gap="sm">
        <Checkbox.Group label={t('deviceAccess.methods')} description={t('deviceAccess.methodsMean')} {...form.getInputProps('methods')}>
          <Stack gap={6} mt={6}>
            {methods.map((method) => <Checkbox key={method} value={method} label={t(`deviceAccess.method.${method}.name`)} description={t(`deviceAccess.method.${method}.means`)} />)}
          </Stack>
        </Checkbox.Group>
        {chosen.includes('none') && <Alert variant="outline" color="yellow" role="status">{t('deviceAccess.noneMeans')}</Alert>}
        {chosen.includes('basic') && <Checkbox label={t('deviceAccess.basicWithoutTLS')} description={t('deviceAccess.basicWithoutTLSMeans')} {...form.getInputProps('basicWithoutTLS', { type: 'checkbox' })} />}
        {asksCertificate(chosen) && <Certificate form={form} />}
      </Stack>
    </Fieldset>
  )
}

/** What a client certificate tells of its device. */
function Certificate({ form }: PartProps) {
  const { t } = useTranslation()
  const { serialNumber, productClass, mac } = ciscoIdentity
  return (
    <Fieldset legend={t('deviceAccess.certificate')}>
      <Stack gap="sm">
        <Text c="dimmed">{t('deviceAccess.certificateMeans')}</Text>
        <Group gap="xs">
          <Text>{t('deviceAccess.cisco')} <Code>{productClass}</Code> <Code>{serialNumber}</Code> <Code>{mac}</Code></Text>
          <Button size="xs" variant="default" onClick={() => form.setValues(ciscoIdentity)}>{t('deviceAccess.useCisco')}</Button>
        </Group>
        {templates.map((name) => (
          <TextInput key={name} label={t(`deviceAccess.template.${name}.name`)} description={t(`deviceAccess.template.${name}.means`)} placeholder={ciscoIdentity[name]} maxLength={256} autoComplete="off" spellCheck={false} {...form.getInputProps(name)} />
        ))}
        <TagsInput label={t('deviceAccess.generic')} description={t('deviceAccess.genericMeans')} maxTags={20} acceptValueOnBlur {...form.getInputProps('generic')} />
      </Stack>
    </Fieldset>
  )
}

/** Whether devices are given credentials of their own. */
export function OwnCredentials({ form }: PartProps) {
  const { t } = useTranslation()
  const possible = asksPassword(form.values.methods)
  const units = (['days', 'hours'] as const).map((value) => ({ value, label: t(`deviceAccess.unit.${value}`) }))
  return (
    <Fieldset legend={t('deviceAccess.own')}>
      <Stack gap="sm">
        <Checkbox label={t('deviceAccess.rotate')} description={possible ? t('deviceAccess.rotateMeans') : t('deviceAccess.rotateNeeds')} {...form.getInputProps('rotate', { type: 'checkbox' })} checked={form.values.rotate && possible} disabled={!possible} />
        {form.values.rotate && possible && (
          <Group align="flex-end" wrap="nowrap">
            <NumberInput flex={1} label={t('deviceAccess.renew')} description={t('deviceAccess.renewMeans')} min={0} {...form.getInputProps('renewAmount')} />
            <NativeSelect aria-label={t('deviceAccess.renewUnit')} data={units} {...form.getInputProps('renewUnit')} />
          </Group>
        )}
      </Stack>
    </Fieldset>
  )
}
