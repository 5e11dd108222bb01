import { Button, Group, List, Modal, Progress, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '@/api/keys'
import type { RetryOutcome, TaskCause } from '@/api/types'
import { Loaded } from '@/parts/Loaded'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { TaskSubject } from '@/tasks/KindName'
import { retryTasks } from './api'
import { DeviceName } from '@/devices/DeviceName'
import { Refusals } from './Refusals'
import { retryAll, type RetryProgress } from './retryLoop'

/** Retries every task of a cause: it counts them first, asks, and then shows how far it is. */
export function RetryAll({ cause, onOpen, onClose }: { cause: TaskCause; onOpen: (task: string) => void; onClose: () => void }) {
  const { t } = useTranslation()
  const counted = useQuery({ queryKey: ['retryCount', cause.filter], queryFn: () => retryTasks(cause.filter, true), gcTime: 0, staleTime: 0 })
  return (
    <Modal opened onClose={onClose} title={t('tasks.retryAll')} closeOnClickOutside={false} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <Loaded query={counted}>{(found) => <Retrying filter={cause.filter} found={found} onOpen={onOpen} onClose={onClose} />}</Loaded>
    </Modal>
  )
}

function Retrying({ filter, found, onOpen, onClose }: { filter: string; found: RetryOutcome; onOpen: (task: string) => void; onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const { progress, phase, problem, start, stop } = useRetry(filter)
  // The dry run is read anew when the tab comes back; what is asked and shown stays that of the beginning.
  const [{ matched, sample }] = useState(found)
  const number = matched.toLocaleString(i18n.language)
  if (phase === 'ask') {
    return (
      <>
        {matched === 0 ? <Text>{t('tasks.nothingLeft')}</Text> : <Text mb="xs">{t('tasks.retryAsk', { count: matched, number })}</Text>}
        {sample.length > 0 && (
          <List size="sm" mb="md">{sample.map((task) => <List.Item key={task.id}><DeviceName id={task.device} /> <TaskSubject task={task} /></List.Item>)}</List>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>{t('parts.cancel')}</Button>
          {matched > 0 && <Button onClick={start}>{t('tasks.retryDeed', { count: matched, number })}</Button>}
        </Group>
      </>
    )
  }
  const done = Math.max(0, matched - progress.remaining)
  return (
    <>
      {phase === 'busy' && <Progress value={matched > 0 ? (100 * done) / matched : 100} aria-label={t('tasks.retryAll')} mb="xs" striped animated />}
      <Text role="status" mb="xs">{t('tasks.retryProgress', { retried: progress.retried.toLocaleString(i18n.language), refused: progress.refused.toLocaleString(i18n.language), remaining: progress.remaining.toLocaleString(i18n.language) })}</Text>
      {phase === 'stopped' && progress.remaining > 0 && <Text mb="xs">{t('tasks.retryStopped')}</Text>}
      {progress.refused > 0 && phase !== 'busy' && <Refusals count={progress.refused} refusals={progress.refusals} onOpen={onOpen} />}
      <ProblemAlert problem={problem} mb="xs" />
      <Group justify="flex-end">
        {phase === 'busy' ? <Button variant="default" onClick={stop}>{t('tasks.stop')}</Button> : <Button onClick={onClose}>{t('parts.close')}</Button>}
      </Group>
    </>
  )
}

type Phase = 'ask' | 'busy' | 'stopped'

function useRetry(filter: string) {
  const client = useQueryClient()
  const [phase, setPhase] = useState<Phase>('ask')
  const [progress, setProgress] = useState<RetryProgress>({ retried: 0, refused: 0, remaining: 0, refusals: [] })
  const [problem, setProblem] = useState<unknown>()
  const stopped = useRef(false)
  const start = () => {
    stopped.current = false
    setPhase('busy')
    retryAll({ step: () => retryTasks(filter, false), stopped: () => stopped.current, onProgress: setProgress })
      .catch(setProblem)
      .finally(() => {
        setPhase('stopped')
        void client.invalidateQueries({ queryKey: ['taskCauses'] })
        void client.invalidateQueries({ queryKey: ['tasks'] })
        void client.invalidateQueries({ queryKey: keys.attention })
      })
  }
  const stop = () => { stopped.current = true }
  // Closing the dialog ends it after the call that is on its way.
  useEffect(() => stop, [])
  return { phase, progress, problem, start, stop }
}
