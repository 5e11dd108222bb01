import { Button, Code, CopyButton, Group, Input, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { generatePassword } from '@/pages/users/password'
import { SecretInput } from '@/parts/SecretInput'
import { LineInput } from '@/provisioning/LineInput'
import type { PhoneForm, Takes } from './form'

interface AccountFieldsProps {
  form: UseFormReturnType<PhoneForm>
  /** Whether settings may be declared; a phone without any waits for them. */
  may: boolean
}

const ways: readonly Takes[] = ['line', 'account', 'nothing']

/** Where the phone's first account comes from, and what its display says. */
export function AccountFields({ form, may }: AccountFieldsProps) {
  const { t } = useTranslation()
  const { takes, group } = form.values
  if (!may) return <Text size="sm" c="dimmed">{t('addPhone.mayNotSettings')}</Text>
  return (
    <Stack gap="sm">
      <div>
        <Input.Label component="div" id="takes">{t('addPhone.takes')}</Input.Label>
        <SegmentedControl fullWidth aria-labelledby="takes" data={ways.map((value) => ({ value, label: t(`addPhone.way.${value}`) }))} value={takes} onChange={(value) => form.setFieldValue('takes', value as Takes)} />
        <Input.Description mt={4}>{t(`addPhone.wayMeans.${takes}`)}</Input.Description>
      </div>
      {takes === 'line' && <LineInput label={t('addPhone.line')} group={group} value={form.values.line} onChange={(line) => form.setFieldValue('line', line)} error={form.errors.line} />}
      {takes === 'account' && (
        <>
          <TextInput label={t('addPhone.user')} description={t('addPhone.userMeans')} required autoComplete="off" autoCapitalize="none" spellCheck={false} maxLength={128} {...form.getInputProps('user')} />
          <Password form={form} />
        </>
      )}
      {takes !== 'nothing' && <TextInput label={t('addPhone.displayName')} description={t('addPhone.displayNameMeans')} autoComplete="off" maxLength={128} {...form.getInputProps('displayName')} />}
    </Stack>
  )
}

/** The SIP password: typed, or made here so that it can be told to the telephone system. */
function Password({ form }: Pick<AccountFieldsProps, 'form'>) {
  const { t } = useTranslation()
  const [made, setMade] = useState('')
  const { password } = form.values
  const generate = () => {
    const secret = generatePassword()
    setMade(secret)
    form.setFieldValue('password', secret)
  }
  return (
    <div>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <SecretInput style={{ flex: 1 }} label={t('addPhone.password')} autoComplete="new-password" maxLength={256} {...form.getInputProps('password')} />
        <Button variant="default" onClick={generate}>{t('addPhone.generate')}</Button>
      </Group>
      {made !== '' && made === password && (
        <Group gap="xs" mt={4} role="status">
          <Code>{made}</Code>
          <CopyButton value={made}>{({ copied, copy }) => <Button size="compact-xs" variant="default" onClick={copy}>{t(copied ? 'access.copied' : 'access.copy')}</Button>}</CopyButton>
          <Text size="xs" c="dimmed">{t('addPhone.generated')}</Text>
        </Group>
      )}
    </div>
  )
}
