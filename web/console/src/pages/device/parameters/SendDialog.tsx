import { Button, Group, Modal } from '@mantine/core'
import { useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Task } from '@/api/types'
import { ProblemAlert } from '@/parts/ProblemAlert'
import type { TaskBody } from '@/tasks/api'
import { useDeviceScope } from '../context'

interface SendDialogProps {
  title: string
  children: ReactNode
  /** What the button says. */
  deed: string
  danger?: boolean
  size?: string
  body: TaskBody
  disabled?: boolean
  onClose: () => void
  onSent?: (task: Task) => void
}

/** A dialog whose button queues one task; a problem is told in it. */
export function SendDialog({ title, children, deed, danger = false, size, body, disabled, onClose, onSent }: SendDialogProps) {
  const { t } = useTranslation()
  const { queue } = useDeviceScope()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(undefined)
    try {
      const task = await queue(body)
      onSent?.(task)
      onClose()
    } catch (thrown) {
      setProblem(thrown)
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title={title} size={size} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <form onSubmit={(event) => void submit(event)}>
        {children}
        <ProblemAlert problem={problem} mt="sm" />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
          <Button type="submit" color={danger ? 'red' : undefined} loading={busy} disabled={disabled} data-autofocus>{deed}</Button>
        </Group>
      </form>
    </Modal>
  )
}
