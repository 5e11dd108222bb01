import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import type { Page } from 'playwright-core'
import type { Api, Device } from './harness/api.ts'
import { mean, tabulate } from './harness/figures.ts'
import { switchOn } from './harness/phones.ts'
import { house, scenario } from './harness/scenario.ts'
import { firstUser, signIn } from './harness/signIn.ts'
import { PageWatch, serverVitals, type PageVitals, type ServerVitals } from './harness/vitals.ts'
import { eventually } from './harness/wait.ts'

const fleet = 100_000
const phoneCount = 300
const minutes = wantedMinutes()
/** Milliseconds from one look to the next: short runs look more often, so that every quarter has some. */
const step = minutes < 8 ? minutes * 60_000 / 32 : 60_000
const betweenTasks = 3000
/** What may be used at the end of what was used in the second quarter: the first is for warming up. */
const growth = 1.25

function wantedMinutes(): number {
  const text = process.env.DIALTONE_SOAK_MINUTES ?? '60'
  const wanted = Number(text)
  if (!(wanted > 0)) throw new Error(`DIALTONE_SOAK_MINUTES is a number of minutes, not ${text}`)
  return wanted
}

/** What everything takes at one time. */
interface Look {
  /** Seconds since the first. */
  at: number
  pages: PageVitals[]
  server: ServerVitals
}

const paths = ['/devices?sort=lastInform%20desc', '/']
const columns = ['s', ...['devices', 'overview'].flatMap((page) => [`${page}: heap MB`, 'nodes', 'events']), 'server: RSS MB', 'goroutines']
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1)

function cells({ at, pages, server }: Look): (string | number)[] {
  return [Math.round(at), ...pages.flatMap(({ heap, nodes, events }) => [megabytes(heap), nodes, events]), megabytes(server.resident), server.goroutines]
}

/** Returns how many times the mean of the second quarter the mean of the last one is. */
function grown(values: readonly number[]): number {
  const quarter = Math.floor(values.length / 4)
  return mean(values.slice(-quarter)) / mean(values.slice(quarter, 2 * quarter))
}

/** Gives phones something to do, one after another, until it is told to stop; returns how many tasks it queued. */
async function trickle(admin: Api, devices: readonly Device[], stop: AbortSignal): Promise<number> {
  let queued = 0
  while (!stop.aborted) {
    const device = devices[Math.floor(Math.random() * devices.length)]!
    await admin.post(`devices/${device.id}/tasks`, { kind: 'getParameterValues', paths: ['Device.DeviceInfo.SoftwareVersion', 'Device.DeviceInfo.UpTime'] })
    queued++
    await pause(betweenTasks, undefined, { signal: stop }).catch(() => undefined)
  }
  return queued
}

describe(`the console, open for ${minutes} minutes`, () => {
  const home = house({ devices: fleet })

  scenario('takes no more at the end than at the beginning, and neither does the server', home, async (browse) => {
    const phones = switchOn(home.server, { devices: phoneCount, interval: '10s', holdInterval: true })
    const stop = new AbortController()
    try {
      const devices = await eventually(`${phoneCount} phones are online`, async () => {
        const online = await home.admin.devices('online serialNumber = FCH*')
        return online.length === phoneCount && online
      }, { within: 120_000 })
      const first = await browse({ untraced: true })
      await signIn(first, firstUser(home.server))
      const pages = [first, await first.context().newPage()]
      const watches = await openAll(pages)
      const queueing = trickle(home.admin, devices, stop.signal)
      // A refusal shows at the end, not as an error that nobody waits for.
      queueing.catch(() => undefined)
      const looks = await lookOften(watches)
      stop.abort()
      const queued = await queueing
      judge(looks)
      const succeeded = (await home.admin.get<{ totalSize: number }>(`tasks?pageSize=1&filter=${encodeURIComponent('kind = getParameterValues state = succeeded')}`)).totalSize
      console.log(`${queued} tasks were queued, ${succeeded} of that kind succeeded`)
      expect(succeeded, 'the phones do what they are told').toBeGreaterThan(queued / 2)
    } finally {
      stop.abort()
      await phones.stop()
    }
  }, (minutes + 10) * 60_000)

  async function openAll(pages: readonly Page[]): Promise<PageWatch[]> {
    const watches: PageWatch[] = []
    for (const [i, page] of pages.entries()) {
      watches.push(await PageWatch.of(page))
      await page.goto(paths[i]!)
      await page.locator('[data-live="live"]').waitFor()
      await page.getByRole('heading', { level: 1 }).waitFor()
    }
    return watches
  }

  async function lookOften(watches: readonly PageWatch[]): Promise<Look[]> {
    const looks: Look[] = []
    const begun = performance.now()
    console.log(columns.join('  '))
    for (let i = 0; i * step <= minutes * 60_000; i++) {
      await pause(Math.max(0, begun + i * step - performance.now()))
      const pages: PageVitals[] = []
      for (const watch of watches) pages.push(await watch.vitals())
      looks.push({ at: (performance.now() - begun) / 1000, pages, server: await serverVitals(home.server.origin) })
      console.log(cells(looks.at(-1)!).join('  '))
    }
    return looks
  }

  function judge(looks: readonly Look[]): void {
    const series: Record<string, number[]> = { 'server: RSS': looks.map(({ server }) => server.resident) }
    for (const [i, path] of paths.entries()) {
      series[`${path}: heap`] = looks.map(({ pages }) => pages[i]!.heap)
      series[`${path}: nodes`] = looks.map(({ pages }) => pages[i]!.nodes)
    }
    console.log(tabulate([columns, ...looks.map(cells)]))
    console.log(tabulate([['last quarter by second quarter', ''], ...Object.entries(series).map(([what, values]) => [what, grown(values).toFixed(3)])]))
    for (const [what, values] of Object.entries(series)) expect.soft(grown(values), what).toBeLessThanOrEqual(growth)
    for (const [i, path] of paths.entries()) {
      const events = looks.map(({ pages }) => pages[i]!.events)
      const silent = events.findIndex((count, at) => at > 0 && count === events[at - 1])
      expect.soft(silent, `${path}: the look before which no event came`).toBe(-1)
    }
  }
})
