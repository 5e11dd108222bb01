import { Alert, Button, Card, Group, List, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { answer, api } from '@/api/client'
import type { Device } from '@/api/types'
import { useMay } from '@/auth/me'
import { nameOf } from '@/devices/name'
import { deviceQuery } from '@/devices/query'
import { Loaded } from '@/parts/Loaded'
import { hostOf, usualAddress } from '@/provisioning/address'
import { Copied } from '@/provisioning/Copied'
import { DeviceRequests } from '@/provisioning/DeviceRequests'
import { Standing } from './Standing'

interface NextStepsProps {
  id: string
  onAnother: () => void
}

/** What to do with a phone that was added, and how far it has come. */
export function NextSteps({ id, onAnother }: NextStepsProps) {
  const device = useQuery(deviceQuery(id))
  return <Loaded query={device}>{(data) => <Steps device={data} onAnother={onAnother} />}</Loaded>
}

function Steps({ device, onAnother }: { device: Device; onAnother: () => void }) {
  const { t } = useTranslation()
  const mayFiles = useMay('settings.read')
  return (
    <Stack gap="md" maw={880}>
      <Alert color="green" variant="outline" role="status" styles={{ title: { color: 'var(--dialtone-good)' } }} title={t('addPhone.added', { device: nameOf(device) })}>{t(device.provisioning.state === 'pending' || device.provisioning.state === 'converged' ? 'addPhone.addedThen' : 'addPhone.addedFirst')}</Alert>
      <Card withBorder component="section" aria-labelledby="todo">
        <Title order={2} id="todo" mb="xs">{t('addPhone.todo')}</Title>
        <Address id={device.id} />
      </Card>
      <Card withBorder>
        <Title order={2} id="standing" mb="xs">{t('addPhone.standing')}</Title>
        <Standing provisioning={device.provisioning} />
        <DeviceRequests device={device} labelledBy="standing" />
      </Card>
      <Group>
        <Button component={Link} to={`/devices/${device.id}` as string} search={(mayFiles ? { tab: 'files' } : {}) as never} variant="default">{t('addPhone.open')}</Button>
        <Button onClick={onAnother}>{t('addPhone.another')}</Button>
      </Group>
    </Stack>
  )
}

/** Where the phone finds its files: the address that a setting says, or the usual one of this server. */
function Address({ id }: { id: string }) {
  const { t } = useTranslation()
  const may = useMay('settings.read')
  const effective = useQuery({
    queryKey: ['effectiveSettings', id], enabled: may,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/devices/{id}/settings/effective', { params: { path: { id } }, signal })),
  })
  const said = effective.data?.settings.find(({ path }) => path === 'provisioning.url')?.value
  const declared = typeof said === 'string' && said !== ''
  const address = declared ? said : usualAddress(location.hostname)
  return (
    <List type="ordered" spacing="sm">
      <List.Item>
        <Text>{t('addPhone.giveAddress')}</Text>
        <Copied text={address} label={t('addPhone.copyAddress')} />
        <Text size="sm" c="dimmed">{t(declared ? 'addPhone.addressDeclared' : 'addPhone.addressUsual')}</Text>
      </List.Item>
      <List.Item>
        <Text>{t('addPhone.dhcp')}</Text>
        <Copied text={address} label={t('addPhone.copyOption')} />
        <Text size="sm" c="dimmed">{t('addPhone.tftp', { host: hostOf(address) })}</Text>
      </List.Item>
      <List.Item>{t('addPhone.restart')}</List.Item>
    </List>
  )
}
