import { Alert, Button, Group, Text } from '@mantine/core'
import { IconBellExclamation, IconShieldQuestion } from '@tabler/icons-react'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { keys } from '@/api/keys'
import type { DeviceAlarm, Schemas } from '@/api/types'
import { useMay } from '@/auth/me'
import { DataList } from '@/parts/DataList'
import { Moment } from '@/time/Moment'
import { patchDevice } from '../api'
import { useDeviceScope } from '../context'
import { nameOf } from '../name'
import { useAttempt } from '../useAttempt'
import { useAlarmText } from './useAlarmText'

// The orange of the library is too light to be read on white.
const warning = { title: { color: 'var(--dialtone-warn)' }, icon: { color: 'var(--dialtone-warn)' } }

/** What a person should look at before anything else: that the device waits for approval, and its alarms. */
export function Warnings() {
  const { device } = useDeviceScope()
  return (
    <>
      {device.quarantined && <Quarantine />}
      {device.alarms.map((alarm) => <Alarm key={alarm.kind} alarm={alarm} />)}
    </>
  )
}

/** Changes the device on the ground of what the viewer sees, and shows it as it is then. */
function useChange() {
  const { device } = useDeviceScope()
  const client = useQueryClient()
  const attempt = useAttempt()
  const change = async (patch: Schemas['DevicePatch'], done: string) => {
    const changed = await attempt.run(() => patchDevice(device, patch))
    if (!changed) return
    client.setQueryData(keys.device(device.id), changed)
    notifications.show({ message: done })
  }
  return { busy: attempt.busy, change }
}

function Quarantine() {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const may = useMay('devices.write')
  const { busy, change } = useChange()
  return (
    <Alert color="red" variant="outline" mb="sm" icon={<IconShieldQuestion aria-hidden />} title={t('alarm.quarantine.title')}>
      <Text>{t('alarm.quarantine.means')} {t('alarm.quarantine.try')}</Text>
      {may ? (
        <Button mt="xs" loading={busy} onClick={() => void change({ quarantined: false }, t('alarm.quarantine.approved', { name: nameOf(device) }))}>{t('alarm.quarantine.approve')}</Button>
      ) : <Text size="xs" c="dimmed" mt={4}>{t('alarm.quarantine.mayNot')}</Text>}
    </Alert>
  )
}

function Alarm({ alarm }: { alarm: DeviceAlarm }) {
  const { t } = useTranslation()
  const may = useMay('devices.write')
  const { busy, change } = useChange()
  const { name, means, advice } = useAlarmText(alarm.kind)
  return (
    <Alert color="orange" variant="outline" mb="sm" styles={warning} icon={<IconBellExclamation aria-hidden />} title={name}>
      <Text>{means} {advice}</Text>
      <DataList facts={[
        [t('device.alarmDetail'), alarm.detail],
        [t('alarm.since'), <Moment key="since" at={alarm.since} exact />],
        [t('alarm.last'), <Moment key="last" at={alarm.last} />],
        [t('alarm.count'), alarm.count],
      ]} />
      {may && (
        <Group mt="xs">
          <Button variant="default" loading={busy} aria-label={t('alarm.clearOne', { name })} onClick={() => void change({ clearAlarms: [alarm.kind] }, t('alarm.cleared'))}>{t('alarm.clear')}</Button>
        </Group>
      )}
    </Alert>
  )
}
