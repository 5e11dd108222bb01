import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Device } from '@/api/types'
import { DeviceLoader } from './nameLoader'

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

const device = (id: string) => ({ id }) as Device

describe('devices that rows ask for', () => {
  it('are read in one call, each once', async () => {
    const read = vi.fn(async () => [device('a'), device('b')])
    const loader = new DeviceLoader(read)
    const all = Promise.all([loader.load('a'), loader.load('b'), loader.load('a'), loader.load('gone')])
    await vi.advanceTimersByTimeAsync(50)
    expect((await all).map((one) => one?.id)).toEqual(['a', 'b', 'a', undefined])
    expect(read.mock.calls).toEqual([['id = "a" OR id = "b" OR id = "gone"']])
  })

  it('are read in several calls if they are many', async () => {
    const read = vi.fn(async () => [])
    const loader = new DeviceLoader(read)
    for (let i = 0; i < 250; i++) void loader.load(String(i))
    await vi.advanceTimersByTimeAsync(50)
    expect(read).toHaveBeenCalledTimes(3)
  })

  it('pass on the problem, and are asked for again later', async () => {
    const read = vi.fn<() => Promise<Device[]>>().mockRejectedValueOnce(new Error('down')).mockResolvedValueOnce([device('a')])
    const loader = new DeviceLoader(read)
    const failed = expect(loader.load('a')).rejects.toThrow('down')
    await vi.advanceTimersByTimeAsync(50)
    await failed
    const again = loader.load('a')
    await vi.advanceTimersByTimeAsync(50)
    expect(await again).toEqual(device('a'))
  })
})
