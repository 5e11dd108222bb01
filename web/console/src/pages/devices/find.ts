import { answer, api } from '@/api/client'
import { quote } from '@/devices/filter/quote'
import { nameOf } from '@/devices/name'
import type { Found } from '@/shell/page'

const most = 6

/** Finds devices for the command palette: every word must be somewhere in one. */
export async function findDevices(query: string, signal: AbortSignal): Promise<Found[]> {
  const filter = query.split(/\s+/).filter(Boolean).map(quoteWord).join(' ')
  const page = await answer(api.GET('/api/v1/devices', { params: { query: { filter, pageSize: most } }, signal }))
  return page.items.map((device) => ({
    id: device.id, label: nameOf(device), description: [device.model, device.mac, device.group].filter(Boolean).join(' · '), to: `/devices/${device.id}`,
  }))
}

// What is typed there are words, whatever they mean in a filter. A whole MAC address needs no quotes.
function quoteWord(word: string): string {
  return word.includes(':') && !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(word) ? `"${word.replace(/["\\*]/g, '\\$&')}"` : quote(word)
}
