import { Alert, Anchor, Button, Group, List, Modal, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { keys } from '@/api/keys'
import { useMay } from '@/auth/me'
import { ConfirmTyped } from '@/parts/ConfirmTyped'
import type { TaskBody } from '@/tasks/api'
import { deleteDevice } from '../api'
import { useDeviceScope } from '../context'
import { convergenceQuery } from '../convergence/api'
import { nameOf, wordOf } from '../name'
import { useAttempt } from '../useAttempt'

interface DialogProps {
  opened: boolean
  onClose: () => void
  send: (body: TaskBody) => Promise<unknown>
}

/** Asks before a reboot: calls end, and nothing else is lost. */
export function Reboot({ opened, onClose, send }: DialogProps) {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const attempt = useAttempt()
  const reboot = async () => {
    if (await attempt.run(() => send({ kind: 'reboot' }))) onClose()
  }
  return (
    <Modal opened={opened} onClose={onClose} title={t('device.reboot.title', { name: nameOf(device) })} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <Text>{t('device.reboot.explanation')}</Text>
      {device.state !== 'online' && <Text mt="xs" role="note">{t('device.reboot.later')}</Text>}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>{t('parts.cancel')}</Button>
        <Button data-autofocus onClick={() => void reboot()} loading={attempt.busy}>{t('device.reboot.action')}</Button>
      </Group>
    </Modal>
  )
}

/** Asks before a factory reset, which loses the settings of the phone; of one that TR-069 is off on afterwards it says how it comes back. */
export function FactoryReset({ opened, onClose, send }: DialogProps) {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const may = useMay('settings.read')
  const convergence = useQuery({ ...convergenceQuery(device.id), enabled: opened && may })
  const silent = convergence.data?.data.factoryReset === 'silent'
  return (
    <ConfirmTyped opened={opened} onClose={onClose} title={t('device.factoryReset.title', { name: nameOf(device) })} word={wordOf(device)}
      deed={t('device.factoryReset.deed')} onConfirm={() => send({ kind: 'factoryReset' })}>
      {t('device.factoryReset.explanation')}
      {silent && <Silent mayDhcp={may} />}
    </ConfirmTyped>
  )
}

function Silent({ mayDhcp }: { mayDhcp: boolean }) {
  const { t } = useTranslation()
  return (
    <Alert color="yellow" variant="outline" role="alert" mt="sm" icon={<IconAlertTriangle aria-hidden />} styles={{ title: { color: 'var(--dialtone-warn)' } }} title={t('device.factoryReset.silent.title')}>
      {t('device.factoryReset.silent.way')}
      <List size="sm" mt={4}>
        <List.Item>{t('device.factoryReset.silent.dhcp')} {mayDhcp && <Anchor component={Link} to={'/dhcp' as string} underline="always">{t('device.factoryReset.silent.how')}</Anchor>}</List.Item>
        <List.Item>{t('device.factoryReset.silent.rule')}</List.Item>
      </List>
    </Alert>
  )
}

/** Asks before a device is forgotten. */
export function DeleteDevice({ opened, onClose, onDeleted }: { opened: boolean; onClose: () => void; onDeleted: (name: string) => void }) {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const client = useQueryClient()
  const navigate = useNavigate()
  const remove = async () => {
    await deleteDevice(device.id)
    onDeleted(nameOf(device))
    await navigate({ to: '/devices' })
    client.removeQueries({ queryKey: keys.device(device.id) })
    void client.invalidateQueries({ queryKey: ['devices'] })
  }
  return (
    <ConfirmTyped opened={opened} onClose={onClose} title={t('device.delete.title', { name: nameOf(device) })} word={wordOf(device)}
      deed={t('device.delete.deed')} onConfirm={remove}>{t('device.delete.explanation')}</ConfirmTyped>
  )
}
