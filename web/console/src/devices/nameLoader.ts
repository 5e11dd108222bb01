import type { Device } from '@/api/types'
import { oneOf } from '@/listing/filters'

type Read = (filter: string) => Promise<readonly Device[]>

interface Asked {
  id: string
  resolve: (device: Device | null) => void
  reject: (problem: unknown) => void
}

// Comparisons in one filter; the server takes 250 and 8192 bytes.
const most = 100
const gather = 25

/** Reads devices that rows ask for one by one, many in one call. */
export class DeviceLoader {
  private asked: Asked[] = []

  constructor(private readonly read: Read) {}

  /** Returns the device, or null if it is gone or not for the viewer to see. */
  load(id: string): Promise<Device | null> {
    if (this.asked.length === 0) setTimeout(() => this.flush(), gather)
    return new Promise((resolve, reject) => this.asked.push({ id, resolve, reject }))
  }

  private flush() {
    const all = this.asked
    this.asked = []
    for (let from = 0; from < all.length; from += most) void this.readSome(all.slice(from, from + most))
  }

  private async readSome(some: readonly Asked[]) {
    try {
      const found = new Map((await this.read(oneOf('id', [...new Set(some.map(({ id }) => id))]))).map((device) => [device.id, device]))
      for (const { id, resolve } of some) resolve(found.get(id) ?? null)
    } catch (problem) {
      for (const { reject } of some) reject(problem)
    }
  }
}
