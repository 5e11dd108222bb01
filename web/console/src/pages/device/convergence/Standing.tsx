import { Alert, Button, Text } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Convergence } from '@/api/types'
import { useMay } from '@/auth/me'
import { DataList } from '@/parts/DataList'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { ProvisioningBadge } from '@/parts/StateBadge'
import { Moment } from '@/time/Moment'
import { useDeviceScope } from '../context'
import { useRetry } from './api'
import { Part } from './Part'

/** How the phone stands with its settings, since when, and when it is tried again. */
export function Standing({ convergence }: { convergence: Convergence }) {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const { state } = convergence
  return (
    <Part id="standing" title={t('convergence.standing')} actions={device.lastInform && <Retry />}>
      <DataList facts={[
        [t('provisioning.stateName'), <span key="state"><ProvisioningBadge state={state} /> – {t(`provisioning.stateMeans.${state}`)}</span>],
        [t('convergence.problem'), convergence.problem ? <Text key="problem" c="var(--dialtone-bad)">{convergence.problem}</Text> : undefined],
        [t('convergence.since'), convergence.since ? <Moment key="since" at={convergence.since} /> : undefined],
        [t('convergence.nextTry'), <Moment key="next" at={convergence.nextTry} never={t('convergence.noNextTry')} />],
        [t('convergence.updatedAt'), convergence.updatedAt ? <Moment key="updated" at={convergence.updatedAt} /> : undefined],
        [t('provisioning.pack'), device.pack ?? ''],
      ]} />
      {convergence.factoryReset === 'silent' && <Alert variant="outline" color="yellow" role="note" mt="sm">{t('convergence.silent')}</Alert>}
    </Part>
  )
}

function Retry() {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const may = useMay('settings.write')
  const retry = useRetry(device.id)
  if (!may) return null
  return (
    <div>
      <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} loading={retry.isPending} onClick={() => retry.mutate()} title={t('convergence.retryMeans')}>{t('convergence.retry')}</Button>
      {retry.isSuccess && <Text size="xs" role="status">{t('convergence.retried')}</Text>}
      <ProblemAlert problem={retry.error} mt="xs" />
    </div>
  )
}
