import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import type { Device } from '@/api/types'
import { callDevice } from '../api'
import { nameOf } from '../name'

/** Calls the device and says in words what came of it. */
export function useWake(device: Device) {
  const { t } = useTranslation()
  const title = `${t('device.wake.action')} · ${nameOf(device)}`
  return useMutation({
    mutationFn: () => callDevice(device.id),
    onSuccess: (call) => {
      const way = call.method || t('device.wake.noWay')
      if (call.reached) notifications.show({ title, color: 'green', message: t('device.wake.reached', { way }) })
      else notifications.show({ title, color: 'orange', autoClose: false, message: t('device.wake.notReached', { way, detail: call.detail || t('device.wake.noDetail') }) })
    },
    onError: (thrown) => {
      const { kind, detail } = asProblem(thrown)
      notifications.show({ title, color: 'red', autoClose: false, message: `${t(`problem.${kind}.title`)}. ${detail} ${t(`problem.${kind}.try`)}` })
    },
  })
}
