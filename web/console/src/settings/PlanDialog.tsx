import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/types'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { DeviceDifference } from './DeviceDifference'
import type { LevelName, Patch } from './model'
import { PlannedDevices } from './PlannedDevices'
import { PlanNumbers } from './PlanNumbers'
import { Unreached } from './Unreached'

interface PlanDialogProps {
  plan: Schemas['SettingsPlan']
  level: LevelName
  patch: Patch
  /** Tells one preview from another. */
  at: number
  /** The one device that the change is for; undefined if it is for many. */
  device?: string
  onApply: () => Promise<unknown>
  onClose: () => void
}

/** What a change would do, before it is done. */
export function PlanDialog({ plan, level, patch, at, device, onApply, onClose }: PlanDialogProps) {
  const { t } = useTranslation()
  const apply = useMutation({ mutationFn: onApply, onSuccess: onClose })
  const headline = device ? t(plan.changed > 0 ? 'settings.plan.thisChanges' : 'settings.plan.thisStays') : t('settings.plan.changes', { count: plan.changed, devices: plan.devices })
  return (
    <Modal opened onClose={onClose} size="xl" title={t('settings.plan.title')} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <Stack gap="md">
        <Text fw={600} size="lg" role="status">{headline}</Text>
        {!device && <PlanNumbers plan={plan} />}
        <Unreached unreached={plan.unreached} device={device} />
        {plan.failures.length > 0 && <Failures failures={plan.failures} count={plan.failing} />}
        {device ? <DeviceDifference device={device} level={level} patch={patch} at={at} /> : <PlannedDevices plan={plan} level={level} patch={patch} at={at} />}
        <ProblemAlert problem={apply.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
          <Button loading={apply.isPending} onClick={() => apply.mutate()} data-autofocus>{device ? t('settings.apply') : t('settings.applyTo', { count: plan.changed })}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function Failures({ failures, count }: { failures: readonly Schemas['PlannedFailure'][]; count: number }) {
  const { t } = useTranslation()
  return (
    <div>
      <Text c="var(--dialtone-bad)">{t('settings.plan.failing', { count })}</Text>
      <ul style={{ margin: 0, paddingLeft: 20 }}>
        {failures.map(({ device, problem }) => <li key={device.id}>{device.mac || device.serialNumber || device.id}: {problem}</li>)}
      </ul>
    </div>
  )
}
