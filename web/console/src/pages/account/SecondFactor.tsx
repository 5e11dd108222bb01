import { Button, Code, Group, List, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import { asProblem } from '@/api/problem'
import type { SecondFactor } from '@/api/types'
import { useMe } from '@/auth/me'
import { Loading } from '@/parts/Loading'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { SecretInput } from '@/parts/SecretInput'

const QRCodeSVG = lazy(() => import('qrcode.react').then((module) => ({ default: module.QRCodeSVG })))

/** Turns the second factor on and off. */
export function SecondFactorPart() {
  const { t } = useTranslation()
  const me = useMe()
  // They are shown once, and stay until the page is left, though the second factor is on by then.
  const [codes, setCodes] = useState<string[]>()
  if (codes) return <RecoveryCodes codes={codes} onDone={() => setCodes(undefined)} />
  return (
    <Stack gap="sm">
      <Text>{t('secondFactor.explanation')}</Text>
      {me.secondFactor ? <Remove /> : <Begin onCodes={setCodes} />}
    </Stack>
  )
}

function Begin({ onCodes }: { onCodes: (codes: string[]) => void }) {
  const { t } = useTranslation()
  const begin = useMutation({ mutationFn: (password: string) => answer(api.POST('/api/v1/me/secondFactor', { body: { password } })), gcTime: 0 })
  if (begin.data) return <Confirm factor={begin.data} onCodes={onCodes} />
  return <WithPassword error={begin.error} pending={begin.isPending} onSubmit={begin.mutate} button={t('secondFactor.begin')} />
}

function Confirm({ factor, onCodes }: { factor: SecondFactor; onCodes: (codes: string[]) => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [code, setCode] = useState('')
  const confirm = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/me/secondFactor/confirm', { body: { code: code.trim() } })),
    onSuccess: ({ recoveryCodes }) => {
      onCodes(recoveryCodes)
      return client.invalidateQueries({ queryKey: keys.me })
    },
  })
  const wrong = confirm.error !== null && asProblem(confirm.error).field('code') !== undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    confirm.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text>{t('secondFactor.scan')}</Text>
        <Suspense fallback={<Loading />}><QRCodeSVG value={factor.uri} size={180} marginSize={3} title={t('secondFactor.qr')} /></Suspense>
        <Text>{t('secondFactor.key')} <Code>{factor.key}</Code></Text>
        <TextInput label={t('secondFactor.code')} value={code} onChange={(event) => setCode(event.currentTarget.value)} inputMode="numeric" autoComplete="one-time-code" required maw={260}
          error={wrong && t('secondFactor.wrong')} />
        {!wrong && <ProblemAlert problem={confirm.error} />}
        <Group><Button type="submit" loading={confirm.isPending}>{t('secondFactor.confirm')}</Button></Group>
      </Stack>
    </form>
  )
}

function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { t } = useTranslation()
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(`${codes.join('\n')}\n`)}`
  return (
    <Stack gap="sm">
      <Text fw={600} role="status">{t('secondFactor.on')}</Text>
      <Text>{t('secondFactor.recovery')}</Text>
      <List listStyleType="none" spacing={2}>{codes.map((code) => <List.Item key={code}><Code>{code}</Code></List.Item>)}</List>
      <Group>
        <Button component="a" variant="default" href={file} download="dialtone-recovery-codes.txt">{t('secondFactor.save')}</Button>
        <Button onClick={onDone}>{t('secondFactor.done')}</Button>
      </Group>
    </Stack>
  )
}

function Remove() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: (password: string) => answer(api.POST('/api/v1/me/secondFactor/remove', { body: { password } })),
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: keys.me }),
  })
  return (
    <>
      <Text fw={600}>{t('secondFactor.on')}</Text>
      <WithPassword error={remove.error} pending={remove.isPending} onSubmit={remove.mutate} button={t('secondFactor.remove')} danger />
    </>
  )
}

interface WithPasswordProps {
  error: Error | null
  pending: boolean
  onSubmit: (password: string) => void
  button: string
  danger?: boolean
}

/** Asks for the password once more: whoever finds an open console must not change how its user signs in. */
function WithPassword({ error, pending, onSubmit, button, danger = false }: WithPasswordProps) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const wrong = error !== null && asProblem(error).field('password') !== undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit(password)
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" maw={380}>
        <SecretInput label={t('secondFactor.password')} autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.currentTarget.value)}
          error={wrong && t('password.wrong')} />
        {!wrong && <ProblemAlert problem={error} />}
        <Group><Button type="submit" {...(danger && { color: 'red', variant: 'outline' })} loading={pending}>{button}</Button></Group>
      </Stack>
    </form>
  )
}
