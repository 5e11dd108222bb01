import { Badge, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { PageHeader } from '@/parts/PageHeader'
import { DeviceStateBadge, ProvisioningBadge } from '@/parts/StateBadge'
import { Moment } from '@/time/Moment'
import { useDeviceScope } from '../context'
import { nameOf } from '../name'
import { useDeviceSearch } from '../search'
import { Actions } from './Actions'
import classes from './header.module.css'

/** What the device is and how it stands, with what can be done to it. */
export function Header() {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const [{ tab }] = useDeviceSearch()
  return (
    <PageHeader title={nameOf(device)} actions={<Actions />}>
      <div className={classes.facts}>
        <span className={classes.strong}><DeviceStateBadge state={device.state} /></span>
        {device.provisioning.state !== 'none' && <Fact name={t('provisioning.short')}><ProvisioningBadge state={device.provisioning.state} /></Fact>}
        <Fact name={t('device.lastInform')}><Moment at={device.lastInform} /></Fact>
        <Fact name={t('device.softwareVersion')}>{device.softwareVersion || '–'}</Fact>
        <Fact name={t('device.address')}>{device.address || '–'}</Fact>
        {device.mac && <Fact name={t('device.mac')}>{device.mac}</Fact>}
        <Fact name={t('device.group')}>{device.group || t('device.noGroup')}</Fact>
        {device.tags.length > 0 && (
          <Group gap={4} component="span">{device.tags.map((tag) => <Badge key={tag} variant="outline" tt="none">{tag}</Badge>)}</Group>
        )}
      </div>
      {tab === 'overview' && <Text size="xs" mt={4}>{t('device.explanation')}</Text>}
    </PageHeader>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return <span><span className={classes.name}>{name}</span> <span className={classes.value}>{children}</span></span>
}
