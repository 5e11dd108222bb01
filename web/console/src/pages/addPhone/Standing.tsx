import { Group, Loader, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DeviceProvisioning } from '@/api/types'
import { DataList } from '@/parts/DataList'
import { ProvisioningBadge } from '@/parts/StateBadge'
import { progressOf } from '@/provisioning/state'
import { Moment } from '@/time/Moment'

/** Whether a phone took what was declared for it, in words, and what it asked for last. */
export function Standing({ provisioning: p }: { provisioning: DeviceProvisioning }) {
  const { t } = useTranslation()
  const progress = progressOf(p)
  const waits = progress === 'waiting' || progress === 'asked'
  return (
    <>
      <div role="status">
        <Group gap="xs">
          <ProvisioningBadge state={p.state} />
          {waits && <Loader size="xs" aria-hidden />}
        </Group>
        <Text my={4}>{t(`addPhone.progress.${progress}`)}</Text>
        {(p.problem || p.stuck) && <Text c="var(--dialtone-bad)">{p.problem || p.stuck}</Text>}
      </div>
      <DataList facts={[
        [t('provisioning.lastFetch'), <Moment key="at" at={p.lastFetch} />],
        [t('provisioning.file'), p.file || undefined],
        [t('provisioning.userAgent'), p.userAgent || undefined],
      ]} />
    </>
  )
}
