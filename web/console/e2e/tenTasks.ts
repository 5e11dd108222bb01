import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { Page } from 'playwright-core'
import { Api, type Device } from './harness/api.ts'
import { tabulate } from './harness/figures.ts'
import { Person, type Effort } from './harness/person.ts'
import { switchOn } from './harness/phones.ts'
import type { Program } from './harness/program.ts'
import { house, scenario } from './harness/scenario.ts'
import { openSettled } from './harness/settled.ts'
import { firstUser, signIn } from './harness/signIn.ts'
import { eventually } from './harness/wait.ts'

const stored = 10_000
const simulated = 300
/** The serial number of a stored device that has been silent for days. */
const silent = 'SN0000098'
/** A group that has 50 of the stored devices. */
const site = 'customer-03/site-4'
const firmware = 'sip88xx.13-0-1.loads'
const setting = 'NTPServer1'
/** What a task may take that waits for a phone: it informs every five minutes. */
const patience = 390_000

describe(`ten tasks among ${stored} devices`, () => {
  const home = house({ devices: stored })
  let phones: Program
  let devices: Device[]
  const efforts: [string, Effort][] = []

  beforeAll(async () => {
    phones = switchOn(home.server, { devices: simulated, interval: '60s' })
    devices = await arrived()
    for (const path of ['acme', 'acme/north']) await home.admin.post('groups', { path })
    for (const { id } of devices.slice(0, 40)) await home.admin.patch(`devices/${id}`, { group: 'acme/north' })
    await fail(devices[101]!)
    await rebootAs('anna', devices[105]!)
    for (const { id } of devices.slice(0, 40)) await home.admin.post(`devices/${id}/tasks`, { kind: 'reboot' })
  }, 240_000)
  afterAll(async () => {
    await phones?.stop()
    console.log(`\n${tabulate([['', 'clicks', 'keys', 'seconds'], ...efforts.map(([name, { clicks, keys, seconds }]) => [name, clicks, keys, seconds.toFixed(1)])])}\n`)
  })

  /** Waits until the simulated phones have told who they are; returns them in order. */
  async function arrived(): Promise<Device[]> {
    const found = await eventually(`${simulated} phones are online`, async () => {
      const online = await home.admin.devices('serialNumber = FCH* model:* online')
      return online.length >= simulated && online
    }, { within: 120_000 })
    return found.sort((a, b) => a.serialNumber.localeCompare(b.serialNumber))
  }

  /** Has a phone refuse something. */
  async function fail({ id }: Device): Promise<void> {
    await home.admin.post(`devices/${id}/tasks?connectionRequest=true`, { kind: 'setParameterValues', parameters: [{ path: 'Device.X_Missing.Parameter', value: '1' }] })
    await home.admin.settled(id)
  }

  /** Has a new operator reboot a phone in the console. */
  async function rebootAs(name: string, { id }: Device): Promise<void> {
    const operator = await home.admin.user(name, 'operator')
    const { origin } = home.server
    const signedIn = await new Api(origin, '').send('POST', 'signIn', operator)
    const answer = await fetch(`${origin}/api/v1/devices/${id}/tasks?connectionRequest=true`, {
      method: 'POST', body: '{"kind":"reboot"}', headers: { 'Content-Type': 'application/json', Origin: origin, Cookie: signedIn.headers.get('set-cookie')!.split(';')[0]! },
    })
    expect(answer.status).toBe(202)
  }

  /** A task that begins with a page that shows all it has to. */
  function task(name: string, from: () => string, act: (person: Person, page: Page) => Promise<Effort>): void {
    scenario(name, home, async (browse) => {
      const page = await browse({ untraced: true, acceptDownloads: true })
      page.context().setDefaultTimeout(30_000)
      await signIn(page, firstUser(home.server))
      await openSettled(page, from())
      const person = new Person(page)
      person.begin(name.split(' ')[0]!)
      efforts.push([name, await act(person, page)])
    }, patience + 60_000)
  }

  const pageOf = (i: number) => () => `/devices/${devices[i]!.id}`
  const overview = () => '/'

  /** Finds a phone in the list, and opens its page. */
  async function open(person: Person, page: Page, typed: string, serial: string): Promise<void> {
    await person.click(page.getByRole('link', { name: 'Devices', exact: true }))
    await person.click(page.getByRole('textbox', { name: 'Search devices' }))
    await person.type(typed)
    await person.press('Enter')
    const row = page.getByRole('grid', { name: 'Devices' }).getByRole('row').filter({ hasText: serial })
    await page.waitForURL(/filter/)
    await person.click(row.getByRole('link', { name: serial }))
  }

  task('1 find a phone by the end of its MAC address', overview, async (person, page) => {
    const { mac, serialNumber } = devices[100]!
    await open(person, page, mac.replaceAll(':', '').slice(-6), serialNumber)
    return person.done(page.getByRole('heading', { level: 1, name: serialNumber }))
  })

  task('2 see what is wrong with it and retry', pageOf(101), async (person, page) => {
    const trouble = page.getByRole('region', { name: 'The last failure' })
    await person.read(trouble.getByText('The phone has no such parameter'))
    await person.click(trouble.getByRole('button', { name: 'Retry' }))
    // The new task, which fails as the first did: nobody has corrected it.
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Repeats').waitFor()
    return person.done(dialog.getByText(/^Failed/).first(), patience)
  })

  task('3 change a setting and see the phone take it', pageOf(102), async (person, page) => {
    await person.click(page.getByRole('tab', { name: 'Parameters' }))
    await person.click(page.getByRole('textbox', { name: 'Search path or value' }))
    await person.type(setting)
    await person.click(page.getByRole('button', { name: 'Read the whole tree from the phone' }))
    const row = page.getByRole('row').filter({ hasText: setting })
    await person.click(row.getByRole('button', { name: `Edit ${setting}` }))
    await person.press('Control+a')
    await person.type('time.example.net')
    await person.press('Enter')
    await person.click(page.getByRole('button', { name: 'Send', exact: true }))
    return person.done(row.getByText('the phone took it'))
  })

  task('4 reboot it', pageOf(103), async (person, page) => {
    await person.click(page.getByRole('button', { name: 'More', exact: true }))
    await person.click(page.getByRole('menuitem', { name: 'Reboot' }))
    await person.click(page.getByRole('dialog').getByRole('button', { name: 'Reboot', exact: true }))
    return person.done(page.getByText('Succeeded').first())
  })

  task('5 queue work for a phone that is offline', overview, async (person, page) => {
    await open(person, page, silent, silent)
    await person.click(page.getByRole('button', { name: 'More', exact: true }))
    await person.click(page.getByRole('menuitem', { name: 'Reboot' }))
    await person.click(page.getByRole('dialog').getByRole('button', { name: 'Reboot', exact: true }))
    return person.done(page.getByText('Queued').first())
  })

  task('6 tag 50 phones that a filter finds', overview, async (person, page) => {
    await person.click(page.getByRole('link', { name: 'Devices', exact: true }))
    await person.click(page.getByRole('textbox', { name: 'Search devices' }))
    await person.type(site)
    await person.press('Enter')
    await person.click(page.getByRole('button', { name: site }))
    await person.read(page.getByRole('status').filter({ hasText: '50 devices' }))
    await person.click(page.getByRole('checkbox', { name: 'Select the loaded rows, or none' }))
    await person.click(page.getByRole('button', { name: 'Actions', exact: true }))
    await person.click(page.getByRole('menuitem', { name: 'Add tags' }))
    const dialog = page.getByRole('dialog')
    await person.read(dialog)
    await person.type('night-shift')
    await person.press('Enter')
    await person.click(dialog.getByRole('button', { name: 'Count the devices' }))
    await person.click(dialog.getByRole('button', { name: 'Tag 50 devices' }))
    const effort = await person.done(dialog.getByRole('status').filter({ hasText: 'Done: 50 of 50' }))
    expect(await home.admin.count('tags:"night-shift"')).toBe(50)
    return effort
  })

  task('7 upload firmware and send it to one phone', overview, async (person, page) => {
    await person.click(page.getByRole('link', { name: 'Files', exact: true }))
    const chosen = page.waitForEvent('filechooser')
    await person.click(page.getByRole('button', { name: 'Choose files' }))
    await person.elsewhere(2)
    await (await chosen).setFiles({ name: firmware, mimeType: 'application/octet-stream', buffer: Buffer.alloc(3 << 20, 'firmware ') })
    const upload = page.getByRole('listitem', { name: firmware })
    await person.click(upload.getByRole('button', { name: 'Upload', exact: true }))
    await person.read(upload.getByText(`${firmware} is stored`))
    await person.click(upload.getByRole('button', { name: 'Send to a phone' }))
    await person.read(page.getByRole('dialog'))
    await person.type(devices[104]!.serialNumber)
    await person.click(page.getByRole('option', { name: devices[104]!.serialNumber }))
    await person.click(page.getByRole('dialog').getByRole('button', { name: 'Send the file' }))
    return person.done(page.getByText('Succeeded').first())
  })

  task('8 a CSV file of who is offline', overview, async (person, page) => {
    await person.click(page.getByRole('link', { name: 'Devices', exact: true }))
    await person.click(page.getByRole('button', { name: /^Offline/ }))
    await page.waitForURL(/filter/)
    const begun = page.waitForEvent('download')
    await person.click(page.getByRole('link', { name: 'CSV' }))
    await (await begun).path()
    return person.done(page.getByRole('heading', { level: 1 }))
  })

  task('9 make a support user who is limited to one group', overview, async (person, page) => {
    await person.click(page.getByRole('link', { name: 'Users', exact: true }))
    await person.click(page.getByRole('button', { name: 'New user' }))
    const dialog = page.getByRole('dialog')
    await person.read(dialog)
    await person.type('sam')
    await person.click(dialog.getByRole('combobox', { name: 'Role' }))
    await person.click(page.getByRole('option', { name: 'support' }))
    await person.click(dialog.getByRole('combobox', { name: 'Group' }))
    await person.type('acme/north')
    await person.click(page.getByRole('option', { name: /acme\/north/ }))
    await person.click(dialog.getByRole('button', { name: /^Create/ }))
    return person.done(dialog.getByText(/password/i).first())
  })

  task('10 find in the audit log who rebooted a phone', overview, async (person, page) => {
    const phone = devices[105]!
    await person.click(page.getByRole('link', { name: 'Audit log', exact: true }))
    await person.click(page.getByRole('combobox', { name: 'Device' }))
    await person.type(phone.mac.replaceAll(':', '').slice(-6))
    await person.click(page.getByRole('option', { name: phone.serialNumber }))
    const found = page.getByRole('row').filter({ hasText: phone.serialNumber }).filter({ hasText: 'Reboot' })
    const effort = await person.done(found.filter({ hasText: 'anna' }))
    expect(await found.count()).toBe(1)
    return effort
  })
})
