import { Button, Menu, Tooltip } from '@mantine/core'
import { IconBellRinging, IconChevronDown, IconDownload, IconHistory, IconPencil, IconPower, IconRefresh, IconRestore, IconTrash } from '@tabler/icons-react'
import { notifications } from '@mantine/notifications'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, useWholeFleet } from '@/auth/me'
import type { TaskBody } from '@/tasks/api'
import { useDeviceScope } from '../context'
import { EditDevice } from '../overview/EditDevice'
import { useAttempt } from '../useAttempt'
import { DeleteDevice, FactoryReset, Reboot } from './Confirmations'
import { DownloadFile } from './DownloadFile'
import { useWake } from './useWake'

type Dialog = 'reboot' | 'factoryReset' | 'download' | 'delete' | 'edit'

/** What can be done to the device as a whole. What the viewer may not do is shown with the reason. */
export function Actions() {
  const { t } = useTranslation()
  const { device, queue } = useDeviceScope()
  const navigate = useNavigate()
  const wholeFleet = useWholeFleet()
  const mayAudit = useMay('audit.read') && wholeFleet
  const mayTask = useMay('tasks.write')
  const mayFile = useMay('files.read')
  const mayWrite = useMay('devices.write')
  const attempt = useAttempt()
  const [dialog, setDialog] = useState<Dialog>()
  const close = () => setDialog(undefined)
  const send = (body: TaskBody) => queue(body)
  const lacks = (permission: string) => t('device.lacks', { permission })
  return (
    <>
      <Wake />
      <Tooltip label={lacks('tasks.write')} disabled={mayTask}>
        <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} data-disabled={!mayTask || undefined} aria-disabled={!mayTask}
          onClick={() => mayTask && void attempt.run(() => send({ kind: 'refresh', path: '' }))} loading={attempt.busy}>{t('device.refresh')}</Button>
      </Tooltip>
      <Menu position="bottom-end" width={270}>
        <Menu.Target><Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>{t('device.more')}</Button></Menu.Target>
        <Menu.Dropdown>
          <Item icon={IconPencil} text={t('device.edit.action')} may={mayWrite} lacks={lacks('devices.write')} onClick={() => setDialog('edit')} />
          <Item icon={IconDownload} text={t('device.download.action')} may={mayTask && mayFile} lacks={lacks(mayTask ? 'files.read' : 'tasks.write')} onClick={() => setDialog('download')} />
          {mayAudit && <Item icon={IconHistory} text={t('device.audit')} may lacks="" onClick={() => void navigate({ to: '/audit', search: { device: device.id } as never })} />}
          <Menu.Divider />
          <Item icon={IconPower} text={t('device.reboot.action')} may={mayTask} lacks={lacks('tasks.write')} onClick={() => setDialog('reboot')} />
          <Item icon={IconRestore} text={t('device.factoryReset.action')} may={mayTask} lacks={lacks('tasks.write')} onClick={() => setDialog('factoryReset')} danger />
          <Item icon={IconTrash} text={t('device.delete.action')} may={mayWrite} lacks={lacks('devices.write')} onClick={() => setDialog('delete')} danger />
        </Menu.Dropdown>
      </Menu>
      <Reboot opened={dialog === 'reboot'} onClose={close} send={send} />
      <FactoryReset opened={dialog === 'factoryReset'} onClose={close} send={send} />
      <DownloadFile opened={dialog === 'download'} onClose={close} send={send} />
      <DeleteDevice opened={dialog === 'delete'} onClose={close} onDeleted={(name) => notifications.show({ message: t('device.delete.done', { name }) })} />
      <EditDevice opened={dialog === 'edit'} onClose={close} />
    </>
  )
}

function Wake() {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const may = useMay('devices.wake')
  const wake = useWake(device)
  return (
    <Tooltip label={may ? t('device.wake.explanation') : t('device.lacks', { permission: 'devices.wake' })} multiline maw={300}>
      <Button leftSection={<IconBellRinging size={16} aria-hidden />} loading={wake.isPending} data-disabled={!may || undefined} aria-disabled={!may}
        onClick={() => may && wake.mutate()}>{t('device.wake.action')}</Button>
    </Tooltip>
  )
}

interface ItemProps {
  icon: typeof IconTrash
  text: string
  may: boolean
  lacks: string
  onClick: () => void
  danger?: boolean
}

function Item({ icon: Icon, text, may, lacks, onClick, danger = false }: ItemProps) {
  return (
    <Menu.Item leftSection={<Icon size={16} aria-hidden />} disabled={!may} onClick={onClick} c={danger && may ? 'var(--dialtone-bad)' : undefined}>
      {text}
      {!may && <div style={{ fontSize: 'var(--mantine-font-size-xs)' }}>{lacks}</div>}
    </Menu.Item>
  )
}
