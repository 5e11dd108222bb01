import { Button, Group, Text } from '@mantine/core'
import { IconBan, IconRefresh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Task } from '@/api/types'
import { useMay } from '@/auth/me'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useCancelTask, useRetryTask } from './api'
import { mayCancel, mayRetry } from './kinds'

interface TaskButtonsProps {
  task: Task
  /** Is told the new task that repeats this one. */
  onRetried?: (task: Task) => void
}

/** Cancels or repeats a task, for those who may. */
export function TaskButtons({ task, onRetried }: TaskButtonsProps) {
  const { t } = useTranslation()
  const may = useMay('tasks.write')
  const cancel = useCancelTask()
  const retry = useRetryTask()
  // Where only what waits to be retried is shown, these buttons are gone before the answer is there.
  const again = () => retry.mutateAsync(task.id).then(onRetried, () => undefined)
  const cancels = mayCancel(task.state)
  const retries = mayRetry(task.state) && !task.retriedBy
  if (!cancels && !retries) return null
  if (!may) return <Text size="xs" c="dimmed">{t('task.mayNot')}</Text>
  return (
    <>
      <Group gap="xs">
        {cancels && <Button variant="default" leftSection={<IconBan size={16} aria-hidden />} loading={cancel.isPending} onClick={() => cancel.mutate(task.id)}>{t('task.cancel')}</Button>}
        {retries && (
          <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} loading={retry.isPending}
            onClick={() => void again()}>{t('task.retry')}</Button>
        )}
      </Group>
      <ProblemAlert problem={cancel.error ?? retry.error} />
    </>
  )
}
