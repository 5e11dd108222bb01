import { Anchor, Breadcrumbs, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { deviceQuery } from '@/devices/query'
import { EmptyState } from '@/parts/EmptyState'
import { Loading } from '@/parts/Loading'
import { PageHeader } from '@/parts/PageHeader'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { DeviceView } from './DeviceView'
import { nameOf } from './name'

/** Everything about one device. */
export default function DevicePage() {
  const { t } = useTranslation()
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const device = useQuery(deviceQuery(id))
  const gone = device.isError && asProblem(device.error).kind === 'not-found'
  return (
    <>
      <Breadcrumbs mb="xs" component="nav" aria-label={t('device.breadcrumb')} separatorMargin={6}>
        <Anchor component={Link} to="/devices">{t('device.list')}</Anchor>
        <span aria-current="page">{device.data && !gone ? nameOf(device.data) : id}</span>
      </Breadcrumbs>
      {gone ? <Gone id={id} /> : (
        <>
          {device.isError && <ProblemAlert problem={device.error} retry={() => void device.refetch()} mb="md" />}
          {device.isPending && <Loading />}
          {device.data && <DeviceView key={id} device={device.data} />}
        </>
      )}
    </>
  )
}

function Gone({ id }: { id: string }) {
  const { t } = useTranslation()
  return (
    <>
      <PageHeader title={t('device.gone.title')} />
      <EmptyState title={t('device.gone.nothing', { id })} action={<Button component={Link} to="/devices">{t('device.gone.back')}</Button>}>{t('device.gone.try')}</EmptyState>
    </>
  )
}
