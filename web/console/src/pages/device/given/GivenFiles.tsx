import { Card, Group, Stack, Switch, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DataList } from '@/parts/DataList'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { ProvisioningBadge } from '@/parts/StateBadge'
import { DeviceRequests } from '@/provisioning/DeviceRequests'
import { Moment } from '@/time/Moment'
import { useDeviceScope } from '../context'
import { useDeviceSearch } from '../search'
import { deviceFilesQuery, useFollowFiles } from './api'
import { FileDrawer } from './FileDrawer'
import { FileList } from './FileList'

/** What the phone would be given, whether it holds it, and what it asked for. */
export default function GivenFiles() {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const [{ file }, change] = useDeviceSearch()
  const files = useQuery(deviceFilesQuery(device.id))
  const [failed, setFailed] = useState(false)
  useFollowFiles(device)
  return (
    <Stack gap="md">
      <Standing />
      <div>
        <Title order={2} id="given" mb={4}>{t('provisioning.given')}</Title>
        <Text c="dimmed" size="xs" mb="xs" maw="60rem">{t('provisioning.givenMeans')}</Text>
        <Loaded query={files}>
          {(all) => all.length === 0
            ? <EmptyState title={t('provisioning.noFiles')}>{t('provisioning.noFilesTry')}</EmptyState>
            : <FileList files={all} onOpen={(name) => change({ file: name })} />}
        </Loaded>
      </div>
      <div>
        <Group justify="space-between" mb={4}>
          <Title order={2} id="requests">{t('provisioning.requests')}</Title>
          <Switch label={t('fetches.failedOnly')} checked={failed} onChange={(event) => setFailed(event.currentTarget.checked)} />
        </Group>
        <DeviceRequests device={device} failed={failed} labelledBy="requests" />
      </div>
      {file && <FileDrawer name={file} onClose={() => change({ file: undefined })} />}
    </Stack>
  )
}

function Standing() {
  const { t } = useTranslation()
  const { device: { pack, provisioning: p } } = useDeviceScope()
  return (
    <Card withBorder>
      <DataList facts={[
        [t('provisioning.stateName'), <ProvisioningBadge key="state" state={p.state} />],
        [t('provisioning.problem'), p.problem || p.stuck ? <Text key="problem" c="var(--dialtone-bad)">{p.problem || p.stuck}</Text> : undefined],
        [t('provisioning.pack'), pack ?? ''],
        [t('provisioning.changedAt'), p.changedAt ? <Moment key="changed" at={p.changedAt} /> : undefined],
        [t('provisioning.lastFetch'), <Moment key="fetch" at={p.lastFetch} />],
        [t('provisioning.file'), p.file || undefined],
        [t('provisioning.userAgent'), p.userAgent || undefined],
      ]} />
    </Card>
  )
}
