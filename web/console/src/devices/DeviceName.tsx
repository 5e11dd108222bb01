import { useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Device, Page } from '@/api/types'
import { useMay } from '@/auth/me'
import { DeviceLoader } from './nameLoader'

const loader = new DeviceLoader(async (filter) => {
  const page = (await answer(api.GET('/api/v1/devices', { params: { query: { filter, pageSize: 100 } } }))) as Page<Device>
  return page.items
})

/** What a device is called, as soon as it is known; its id until then, or if it is gone. */
export function DeviceName({ id }: { id: string }) {
  const client = useQueryClient()
  const may = useMay('devices.read')
  const { data } = useQuery({
    queryKey: ['deviceName', id],
    queryFn: async () => nameOf(client.getQueryData<Device>(keys.device(id)) ?? (await loader.load(id))),
    enabled: may,
    staleTime: 10 * 60_000,
  })
  return <span title={id}>{data || id}</span>
}

/** The serial number, else the MAC address; empty if nothing is known. */
function nameOf(device: Pick<Device, 'serialNumber' | 'mac'> | null): string {
  return device ? device.serialNumber || device.mac : ''
}
