import { Anchor, Button, Group, Progress as Bar, Text } from '@mantine/core'
import { useMutation, useQueries, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Bulk } from '@/api/types'
import { useMay } from '@/auth/me'
import { equals } from '@/listing/filters'
import { useNumbers } from '@/devices/numbers'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { percentOf, progressOf } from './progress'

const pause = 1000

/** How far the work for many devices came. It goes on at the server, whoever watches. */
export function Progress({ bulks: begun, matched, onClose }: { bulks: readonly Bulk[]; matched: number; onClose: () => void }) {
  const { t } = useTranslation()
  const { count } = useNumbers()
  const { bulks, problem, watched } = useBulks(begun)
  const progress = progressOf(bulks)
  const client = useQueryClient()
  const may = useMay('tasks.write')
  const cancel = useMutation({
    mutationFn: () => Promise.all(bulks.filter((b) => b.state === 'running').map((b) => answer(api.POST('/api/v1/tasks/bulk/{id}/cancel', { params: { path: { id: b.id } } })))),
    onSettled: () => client.invalidateQueries({ queryKey: ['bulk'] }),
  })
  // Of a task, what is done is that it is queued: the phones carry it out later.
  const stage = bulks.some((b) => b.uniqueKey !== '') ? 'queued' : 'edited'
  const state = progress.running ? 'running' : progress.failed ? 'failed' : progress.cancelled ? 'cancelled' : 'finished'
  return (
    <>
      <ProblemAlert problem={cancel.error ?? problem} mb="sm" />
      {watched && <Bar value={percentOf(progress, matched)} size="lg" aria-label={t('devices.bulk.progress')} mb="xs" />}
      <Text role="status">
        {watched ? t(`devices.bulk.${stage}.${state}`, { done: count(progress.done), matched: count(matched) }) : t('devices.bulk.unwatched')}
        {progress.failed && ` ${t('devices.bulk.failed', { reason: progress.lastError || t('devices.bulk.noReason') })}`}
        {progress.refused > 0 && !progress.failed && ` ${t('devices.bulk.refused', { count: progress.refused, number: count(progress.refused), reason: progress.lastError })}`}
      </Text>
      {progress.running && <Text size="sm" c="dimmed" mt={4}>{t('devices.bulk.goesOn')}</Text>}
      <TasksLink bulks={bulks} />
      <Group justify="flex-end" mt="md">
        {progress.running && may && <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>{t('devices.bulk.stop')}</Button>}
        <Button onClick={onClose} data-autofocus>{t('parts.close')}</Button>
      </Group>
    </>
  )
}

function useBulks(begun: readonly Bulk[]) {
  const watched = useMay('tasks.read')
  const queries = useQueries({
    queries: begun.map((bulk) => ({
      queryKey: keys.bulk(bulk.id), enabled: watched, initialData: bulk,
      queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/api/v1/tasks/bulk/{id}', { params: { path: { id: bulk.id } }, signal })),
      refetchInterval: (query: { state: { data?: Bulk } }) => (query.state.data?.state === 'running' ? pause : false),
    })),
  })
  return { bulks: queries.map((q, i) => q.data ?? begun[i]!), problem: queries.find((q) => q.error)?.error, watched }
}

function TasksLink({ bulks }: { bulks: readonly Bulk[] }) {
  const { t } = useTranslation()
  const made = bulks.filter((b) => b.uniqueKey !== '')
  const may = useMay('tasks.read')
  if (made.length === 0 || !may) return null
  return <Anchor component={Link} to={'/tasks' as string} search={{ filter: made.map((b) => equals('uniqueKey', b.uniqueKey)).join(' OR ') } as never} mt="xs" display="inline-block">{t('devices.bulk.tasks')}</Anchor>
}
