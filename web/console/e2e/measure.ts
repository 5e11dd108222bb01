import { describe } from 'vitest'
import type { Page } from 'playwright-core'
import type { Device } from './harness/api.ts'
import { wheelTo, type Coverage } from './harness/coverage.ts'
import { openDevices, search } from './harness/devicesPage.ts'
import { quantile, tabulate, timesTable, type Times } from './harness/figures.ts'
import { house, scenario } from './harness/scenario.ts'
import { openSettled, settle } from './harness/settled.ts'
import { firstUser, signIn } from './harness/signIn.ts'
import { timed, type Shown } from './harness/stopwatch.ts'
import { eventually } from './harness/wait.ts'
import { firstLoad, type Transfer } from './harness/wire.ts'

const fleet = 100_000
const openings = 30
const searches = 60
const sorts = 20
const scrolledRows = 5000
/** Pixels a second: a wheel that is turned without a pause, and one that was given a swing. A row has 34. */
const speeds = { turned: 3000, swung: 15_000 }

/** The first row of a list that is no longer that of the filter or the order before. */
const firstRow = '[role="grid"]:not([data-old]) [role="row"][aria-rowindex="2"]'

/** Follows the link to the list, and returns how long it takes until the first row shows. */
function openList(page: Page): Promise<number> {
  return timed(page, 'click', { selector: firstRow }, () => page.getByRole('link', { name: 'Devices', exact: true }).click())
}

/** The parts of the console that a page asks for when it has something for them: the plots and the editor. */
const later = /^\/assets\/(Chart|FilterEditor|JsonEditor|Expert)/

function transferLine(what: string, transfers: readonly Transfer[]): (string | number)[] {
  return [what, transfers.length, (transfers.reduce((sum, { bytes }) => sum + bytes, 0) / 1000).toFixed(1)]
}

function print(title: string, table: string): void {
  console.log(`\n${title}\n${table}\n`)
}

describe(`the console over ${fleet} devices`, () => {
  const home = house({ devices: fleet })

  scenario('how long until the list of devices shows its first row', home, async (browse) => {
    const page = await browse({ untraced: true })
    await signIn(page, firstUser(home.server), '/account')
    const times = { 'list opened, read from the server': [] as number[], 'list opened again': [] as number[] }
    for (let i = 0; i < openings; i++) {
      // A page of its own has no answers kept.
      const fresh = await page.context().newPage()
      await openSettled(fresh, '/account')
      times['list opened, read from the server'].push(await openList(fresh))
      await fresh.close()
    }
    await openList(page)
    for (let i = 0; i < openings; i++) {
      await settle(page)
      await page.goBack()
      await page.getByRole('heading', { level: 1, name: 'Account' }).waitFor()
      times['list opened again'].push(await openList(page))
    }
    print('From the click on "Devices" until the first row is painted', timesTable(times))
  }, 300_000)

  scenario('how long a search takes', home, async (browse) => {
    const tags = await tagSome()
    const page = await browse({ untraced: true })
    await signIn(page, firstUser(home.server), '/devices')
    await page.locator(firstRow).waitFor()
    await settle(page)
    const times: Record<string, number[]> = {}
    for (let i = 0; i < searches; i++) {
      const number = (i * 7919 + 13) % fleet
      const serial = `SN${String(number).padStart(7, '0')}`
      const [device] = await home.admin.devices(`serialNumber = "${serial}"`)
      const [kind, typed] = wayToFind(device!, tags[i >> 2]!)[i % 4]!
      const expected = kind === 'tag' ? (await home.admin.devices(typed, 1))[0]!.serialNumber : serial
      const took = await timed(page, 'Enter', { selector: firstRow, text: expected }, () => search(page, typed))
      ;(times[`search by ${kind}`] ??= []).push(took)
    }
    print('From Enter until the row that it finds is painted', timesTable({ ...times, 'every search': Object.values(times).flat() }))
  }, 300_000)

  /** Gives tags to a few hundred devices each, one for every search by tag. */
  async function tagSome(): Promise<string[]> {
    const tags = Array.from({ length: searches / 4 }, (_, i) => `floor-${100 + i}`)
    for (const [i, tag] of tags.entries()) {
      const filter = `group = "customer-${String(i).padStart(2, '0')}/site-3"`
      await home.admin.post('devices/bulk', { filter, addTags: [tag], removeTags: [], dryRun: false })
      const wanted = await home.admin.count(filter)
      await eventually(`${wanted} devices are tagged ${tag}`, async () => wanted > 0 && await home.admin.count(`tags:${tag}`) === wanted, { within: 60_000 })
    }
    return tags
  }

  scenario('how long another order takes', home, async (browse) => {
    const page = await browse({ untraced: true })
    await signIn(page, firstUser(home.server), '/account')
    const times: number[] = []
    while (times.length < sorts) {
      // What was loaded before is forgotten: no order is known yet.
      await openDevices(page)
      await settle(page)
      const titles = await page.locator('[role="columnheader"][aria-sort] button').evaluateAll((buttons) => buttons.map((button) => button.getAttribute('title')!))
      for (const title of titles) {
        for (const order of ['ascending', 'descending']) {
          const shown: Shown = { selector: `[role="grid"]:not([data-old]):has([aria-sort="${order}"] button[title="${title}"]) [role="row"][aria-rowindex="2"]` }
          times.push(await timed(page, 'click', shown, () => page.locator(`[role="columnheader"] button[title="${title}"]`).click()))
        }
      }
    }
    const all: Times = { 'other order': times.slice(0, sorts) }
    print('From the click on a column until the first row of the new order is painted', timesTable(all))
  }, 300_000)

  scenario('whether rows are missing while somebody scrolls', home, async (browse) => {
    const page = await browse({ untraced: true })
    await signIn(page, firstUser(home.server), '/account')
    const seen: [string, number, Coverage][] = []
    for (const [how, speed] of Object.entries(speeds)) {
      await openDevices(page)
      await settle(page)
      seen.push([how, speed, await wheelTo(page, scrolledRows, speed)])
    }
    print('The wheel over the list of devices', tabulate([
      ['', 'px/s', 'rows', 'looks', 'gaps', 'longest ms', 'waits at the end', 'longest ms', 'frame ms: median', 'p95', 'max'],
      ...seen.map(([how, speed, { looks, gaps, longestGap, waits, longestWait, frames, lastRow }]) => [
        how, speed, lastRow, looks, gaps, Math.round(longestGap), waits, Math.round(longestWait), ...[0.5, 0.95, 1].map((part) => Math.round(quantile(frames, part))),
      ]),
    ]))
  }, 600_000)

  scenario('what the first load takes over the wire', home, async (browse) => {
    const visitor = await browse({ untraced: true })
    const entrance = await firstLoad(visitor, '/sign-in')
    await signIn(visitor, firstUser(home.server), '/account')
    const next = await visitor.context().newPage()
    // It would fill the cache with the code of the pages that are likely to follow.
    await visitor.close()
    const overview = await firstLoad(next, '/')
    const lines = Object.entries({ 'sign-in page': entrance, overview }).flatMap(([what, transfers]) => {
      const answers = transfers.filter(({ path }) => path.startsWith('/api/'))
      const own = transfers.filter(({ path }) => !path.startsWith('/api/') && !later.test(path))
      return [transferLine(what, own), transferLine(`${what}: answers of the API`, answers), transferLine(`${what}: plots and editor`, transfers.filter(({ path }) => later.test(path)))]
    })
    print('The first load with nothing cached', tabulate([['', 'requests', 'kB'], ...lines]))
    for (const [what, transfers] of Object.entries({ 'the sign-in page': entrance, 'the overview': overview })) {
      const largest = [...transfers].sort((a, b) => b.bytes - a.bytes).slice(0, 10)
      print(`The largest parts of ${what}`, tabulate([['', 'encoding', 'bytes'], ...largest.map(({ path, encoding, bytes }) => [path, encoding, bytes])]))
    }
  })
})

/** The ways to find a device: what the way is called, and what is typed. */
function wayToFind({ serialNumber, mac, model }: Device, tag: string): [string, string][] {
  return [['serial number', serialNumber], ['MAC address', mac], ['model and serial number', `model = "${model}" serialNumber = "${serialNumber}"`], ['tag', `tags:${tag}`]]
}
