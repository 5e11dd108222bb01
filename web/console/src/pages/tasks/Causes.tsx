import { Group, NativeSelect, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TaskCause } from '@/api/types'
import { useUrlState } from '@/listing/useUrlState'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { causesQuery } from './api'
import { Cause } from './Cause'
import { RetryAll } from './RetryAll'

const spans = ['1', '7', '30', ''] as const

/** The failed tasks by why they failed, and what to do about each cause. */
export function Causes({ onOpen }: { onOpen: (id: string) => void }) {
  const { t } = useTranslation()
  const [{ days }, change] = useUrlState(['days'])
  const causes = useQuery(causesQuery(Number(days) || 0))
  const [retried, setRetried] = useState<TaskCause>()
  return (
    <>
      <Group mb="sm">
        <NativeSelect
          label={t('tasks.since')} value={days} onChange={(event) => change({ days: event.currentTarget.value })}
          data={spans.map((span) => ({ value: span, label: span ? t('tasks.days', { count: Number(span) }) : t('tasks.allTimes') }))}
        />
      </Group>
      <Loaded query={causes}>
        {(list) => (list.length === 0 ? <EmptyState title={t('tasks.noCauses.title')}>{t('tasks.noCauses.try')}</EmptyState> : (
          <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label={t('tasks.causes')}>
            {list.map((cause) => <Cause key={`${cause.kind} ${cause.code} ${cause.reason}`} cause={cause} onOpen={onOpen} onRetry={() => setRetried(cause)} />)}
          </Stack>
        ))}
      </Loaded>
      {retried && <RetryAll cause={retried} onOpen={(id) => { setRetried(undefined); onOpen(id) }} onClose={() => setRetried(undefined)} />}
    </>
  )
}
