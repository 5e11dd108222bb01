import { Alert, Anchor, List, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/types'
import { nameOf } from '@/devices/name'

type Planned = Schemas['PlannedDevice']

/** Which phones a version would change: how many, of which models, and which could not be given their files any more. */
export function PlanResult({ plan }: { plan: Schemas['SettingsPlan'] }) {
  const { t } = useTranslation()
  const models = plan.byModel.map(({ name, count, others }) => `${others ? t('packs.plan.others') : name || t('packs.plan.noModel')}: ${count}`)
  return (
    <div role="status">
      <Text fw={600}>{plan.changed === 0 ? t('packs.plan.nothing') : t('packs.plan.changed', { count: plan.changed })}</Text>
      {plan.alike > 0 && <Text size="sm">{t('packs.plan.alike', { count: plan.alike })}</Text>}
      {models.length > 0 && <Text size="sm">{t('packs.plan.models')} {models.join(' · ')}</Text>}
      {plan.names.length > 0 && (
        <Text size="sm">
          {t('packs.plan.such')} {plan.names.map((device, i) => <span key={device.id}>{i > 0 && ', '}<DeviceLink device={device} /></span>)}{plan.truncated && ' …'}
        </Text>
      )}
      {plan.failing > 0 && (
        <Alert color="red" variant="outline" mt="xs" title={t('packs.plan.failing', { count: plan.failing })}>
          <List size="sm">{plan.failures.map(({ device, problem }) => <List.Item key={device.id}><DeviceLink device={device} />: {problem}</List.Item>)}</List>
        </Alert>
      )}
    </div>
  )
}

function DeviceLink({ device }: { device: Planned }) {
  return <Anchor component={Link} size="sm" underline="always" to={`/devices/${device.id}` as string} search={{ tab: 'files' } as never}>{[device.model, nameOf(device)].filter(Boolean).join(' ')}</Anchor>
}
