import { Button, Code, Group, Modal, Text, TextInput } from '@mantine/core'
import { useState, type FormEvent, type ReactNode } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { ProblemAlert } from './ProblemAlert'

interface ConfirmTypedProps {
  opened: boolean
  onClose: () => void
  title: string
  /** What will happen, and what cannot be undone. */
  children: ReactNode
  /** What has to be typed: the name of the thing, or the number of things. */
  word: string
  /** What the button says: the deed, not "OK". */
  deed: string
  /** Does it; the dialog closes afterwards, and stays open with the problem if it throws. */
  onConfirm: () => Promise<unknown>
}

/** Asks for a deed that hurts if done by mistake; the button works once the word is typed. */
export function ConfirmTyped({ opened, onClose, title, ...rest }: ConfirmTypedProps) {
  const { t } = useTranslation()
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <Confirmation onClose={onClose} {...rest} />
    </Modal>
  )
}

function Confirmation({ onClose, children, word, deed, onConfirm }: Omit<ConfirmTypedProps, 'opened' | 'title'>) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const confirm = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(undefined)
    try {
      await onConfirm()
      onClose()
    } catch (thrown) {
      setProblem(thrown)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void confirm(event)}>
      <Text component="div" mb="sm">{children}</Text>
      <TextInput
        label={<Trans t={t} i18nKey="parts.confirm.type" values={{ word }} components={{ word: <Code /> }} />} data-autofocus
        value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" spellCheck={false}
      />
      <ProblemAlert problem={problem} mt="sm" />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
        <Button type="submit" color="red" disabled={typed.trim() !== word} loading={busy}>{deed}</Button>
      </Group>
    </form>
  )
}
