import { Button, Group, Modal, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from './ProblemAlert'

interface ConfirmDeedProps {
  onClose: () => void
  title: string
  /** What will happen. */
  children: ReactNode
  /** What the button says: the deed, not "OK". */
  deed: string
  /** The deed takes something away. */
  harmful?: boolean
  /** Does it; the dialog closes afterwards, and stays open with the problem if it throws. */
  onConfirm: () => Promise<unknown>
  /** What else to say of a problem. */
  explain?: (problem: unknown) => ReactNode
}

/** Asks once more before a deed that can be mended; ConfirmTyped is for what cannot. */
export function ConfirmDeed({ onClose, title, children, deed, harmful = false, onConfirm, explain }: ConfirmDeedProps) {
  const { t } = useTranslation()
  const doing = useMutation({ mutationFn: onConfirm, onSuccess: onClose })
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <Text component="div" mb="md">{children}</Text>
      <ProblemAlert problem={doing.error} mb="md" />
      {doing.error && explain?.(doing.error)}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus={harmful || undefined}>{t('parts.cancel')}</Button>
        <Button color={harmful ? 'red' : undefined} loading={doing.isPending} onClick={() => doing.mutate()} data-autofocus={!harmful || undefined}>{deed}</Button>
      </Group>
    </Modal>
  )
}
