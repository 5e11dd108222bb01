import { Button, SimpleGrid, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useWholeFleet } from '@/auth/me'
import { summaryQuery } from '@/devices/summary'
import { Loaded } from '@/parts/Loaded'
import { PageHeader } from '@/parts/PageHeader'
import { EmptyState } from '@/parts/EmptyState'
import { Moment } from '@/time/Moment'
import { Attention } from './Attention'
import { Charts } from './Charts'
import { Firmware } from './Firmware'
import classes from './overview.module.css'
import { Provisioning } from './Provisioning'
import { Tiles } from './Tiles'

/** How the fleet stands, and what needs a person. */
export default function OverviewPage() {
  const { t } = useTranslation()
  // Live updates have it read anew every few seconds at most.
  const summary = useQuery(summaryQuery)
  const wholeFleet = useWholeFleet()
  return (
    <div className={classes.page}>
      <PageHeader title={t('overview.title')}>
        {t('overview.explanation')} {summary.data && <>{t('overview.asOf')} <Moment at={summary.data.asOf} exact />.</>}
      </PageHeader>
      <Stack gap="md">
        <Loaded query={summary}>{(data) => (data.total === 0 ? <NoDevices /> : <Tiles summary={data} />)}</Loaded>
        {summary.data && summary.data.total > 0 && <Provisioning />}
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md" style={{ alignItems: 'start' }}>
          <Stack gap="md">
            <Attention />
            {wholeFleet && <Charts />}
          </Stack>
          {summary.data && <Firmware summary={summary.data} />}
        </SimpleGrid>
      </Stack>
    </div>
  )
}

function NoDevices() {
  const { t } = useTranslation()
  return <EmptyState title={t('overview.noDevices.title')} action={<Button component={Link} to={'/devices' as string}>{t('overview.noDevices.how')}</Button>}>{t('overview.noDevices.try')}</EmptyState>
}
