import { answer, api } from '@/api/client'
import { nameOf } from '@/devices/name'
import { wordsIn } from '@/listing/filters'
import { mostFound, type Found, type Search } from '@/shell/page'

/** Finds devices for the command palette: every word must be somewhere in one. */
export async function findDevices({ text, signal }: Search): Promise<Found[]> {
  const page = await answer(api.GET('/api/v1/devices', { params: { query: { filter: wordsIn(text), pageSize: mostFound } }, signal }))
  return page.items.map((device) => ({
    id: device.id, label: nameOf(device), description: [device.model, device.mac, device.group].filter(Boolean).join(' · '), to: `/devices/${device.id}`,
  }))
}
