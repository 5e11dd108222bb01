import { Alert, Button, Stack, TextInput, type TextInputProps } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import { asProblem } from '@/api/problem'
import { tellOtherTabs } from '@/auth/tabs'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { SecretInput } from '@/parts/SecretInput'
import { waiting } from '@/time/format'
import { localeOf } from '@/time/locale'

// These have words of their own here.
const told = new Set(['unauthenticated', 'limit', 'second-factor-required'])

/** Signs in with name and password, and with a code if the server asks for one. */
export function PasswordForm() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [second, setSecond] = useState(false)
  const form = useForm({ initialValues: { name: '', password: '', code: '' } })
  const signIn = useMutation({
    mutationFn: ({ name, password, code }: typeof form.values) =>
      answer(api.POST('/api/v1/signIn', { body: second ? { name, password, code: code.trim() } : { name, password } })),
    // The page leads on once somebody is signed in.
    onSuccess: (me) => {
      client.setQueryData(keys.me, me)
      tellOtherTabs()
    },
    // It has the password.
    gcTime: 0,
    onError: (thrown) => {
      if (asProblem(thrown).kind === 'second-factor-required') setSecond(true)
    },
  })
  const problem = signIn.error ? asProblem(signIn.error) : undefined
  const kind = problem?.kind
  // The first time it is a question and no problem.
  const wrongCode = kind === 'second-factor-required' && signIn.variables?.code !== ''
  return (
    <form onSubmit={form.onSubmit((values) => signIn.mutate(values))}>
      <Stack gap="sm">
        <TextInput label={t('signIn.name')} autoComplete="username" autoCapitalize="none" spellCheck={false} required readOnly={second} data-autofocus {...form.getInputProps('name')} />
        <SecretInput label={t('signIn.password')} autoComplete="current-password" required readOnly={second} {...form.getInputProps('password')} />
        {second && <CodeInput {...form.getInputProps('code')} error={wrongCode && t('signIn.wrongCode')} />}
        {kind === 'unauthenticated' && <Wrong />}
        {kind === 'limit' && <TooMany seconds={problem?.retryAfter ?? 0} />}
        {kind !== undefined && !told.has(kind) && <ProblemAlert problem={problem} />}
        <Button type="submit" fullWidth loading={signIn.isPending}>{t('signIn.submit')}</Button>
        {second && <Button variant="subtle" onClick={() => { setSecond(false); signIn.reset(); form.reset() }}>{t('signIn.startOver')}</Button>}
      </Stack>
    </form>
  )
}

function Wrong() {
  const { t } = useTranslation()
  return <Alert color="red" variant="outline" role="alert" title={t('signIn.wrong.title')}>{t('signIn.wrong.try')}</Alert>
}

function TooMany({ seconds }: { seconds: number }) {
  const { t, i18n } = useTranslation()
  return (
    <Alert color="red" variant="outline" role="alert" title={t('signIn.many.title')}>
      {t('signIn.many.try', { span: waiting(seconds, localeOf(i18n.language)) })}
    </Alert>
  )
}

// One function for all renders: a new one would take the focus back at each.
const focus = (input: HTMLInputElement | null) => input?.focus()

function CodeInput(props: TextInputProps) {
  const { t } = useTranslation()
  return (
    <TextInput
      label={t('signIn.code')} description={t('signIn.codeExplanation')} autoComplete="one-time-code" required spellCheck={false}
      ref={focus} {...props}
    />
  )
}
