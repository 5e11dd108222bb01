import { Button, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '@/api/client'
import { asProblem } from '@/api/problem'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { SecretInput } from '@/parts/SecretInput'
import { signInMethodsQuery } from './signIn'

/** Asks for the present password and a new one, and changes it. */
export function NewPassword({ name, onChanged }: { name: string; onChanged: () => void }) {
  const { t } = useTranslation()
  const least = useQuery(signInMethodsQuery).data?.minPassword ?? 12
  const form = useForm({
    initialValues: { current: '', next: '', again: '' },
    validate: {
      next: (next, all) =>
        [...next].length < least ? t('password.short', { count: least }) : next === all.current ? t('password.same') : next === name ? t('password.isName') : null,
      again: (again, all) => (again === all.next ? null : t('password.different')),
    },
  })
  const change = useMutation({
    mutationFn: ({ current, next }: { current: string; next: string }) =>
      answer(api.POST('/api/v1/me/password', { body: { current, new: next } })),
    gcTime: 0,
    onSuccess: () => { form.reset(); onChanged() },
    onError: (thrown) => {
      const problem = asProblem(thrown)
      form.setErrors({ current: problem.field('current') && t('password.wrong'), next: problem.field('new') && t('password.refused', { count: least }) })
    },
  })
  const told = change.error !== null && (asProblem(change.error).field('current') ?? asProblem(change.error).field('new')) !== undefined
  return (
    <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
      <Stack gap="sm" maw={380}>
        {/* So that a password manager knows whose password it keeps. */}
        <input type="text" autoComplete="username" value={name} readOnly hidden />
        <SecretInput label={t('password.current')} autoComplete="current-password" required {...form.getInputProps('current')} />
        <SecretInput label={t('password.next')} description={t('password.rule', { count: least })} autoComplete="new-password" required {...form.getInputProps('next')} />
        <SecretInput label={t('password.again')} autoComplete="new-password" required {...form.getInputProps('again')} />
        {!told && <ProblemAlert problem={change.error} />}
        <Button type="submit" loading={change.isPending}>{t('password.change')}</Button>
      </Stack>
    </form>
  )
}
