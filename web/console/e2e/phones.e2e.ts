import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { Device, Task } from './harness/api.ts'
import { chooseDeed, openDevice } from './harness/devicePage.ts'
import { switchOn } from './harness/phones.ts'
import type { Program } from './harness/program.ts'
import { house, scenario } from './harness/scenario.ts'
import { firstUser, signIn } from './harness/signIn.ts'
import { eventually } from './harness/wait.ts'

const parameter = 'Device.Time.NTPServer1'

describe('phones', () => {
  const home = house()
  let phones: Program
  let devices: Device[]

  beforeAll(async () => {
    phones = switchOn(home.server, { devices: 2 })
    devices = await home.admin.arrived(2)
    for (const { id } of devices) {
      await home.admin.settled(id)
      await home.admin.post(`devices/${id}/tasks?connectionRequest=true`, { kind: 'refresh', path: 'Device.Time.' })
      await home.admin.settled(id)
    }
  }, 120_000)
  afterAll(() => phones?.stop())

  /** Asks the phone itself. */
  async function valueAt(id: string): Promise<string | null | undefined> {
    const answer = await home.admin.post<Task & { result?: { values: { value: string | null }[] } }>(`devices/${id}/tasks?connectionRequest=true`, { kind: 'getParameterValues', paths: [parameter] })
    await home.admin.settled(id)
    const task = await home.admin.get<{ result: { values: { value: string | null }[] } | null }>(`tasks/${answer.id}`)
    return task.result?.values[0]?.value
  }

  scenario('take a parameter that somebody edited', home, async (browse) => {
    const device = devices[0]!
    const page = await browse()
    await signIn(page, firstUser(home.server))
    await openDevice(page, device, 'parameters', { q: 'NTPServer1' })
    const row = page.getByRole('row').filter({ hasText: 'NTPServer1' })
    await row.getByRole('button', { name: 'Edit NTPServer1' }).click()
    await row.getByRole('textbox', { name: 'NTPServer1' }).fill('time.example.net')
    await row.getByRole('textbox', { name: 'NTPServer1' }).press('Enter')
    await row.getByText('changed', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Review and send' }).click()
    const review = page.getByRole('dialog')
    await review.getByRole('row', { name: parameter }).getByText('time.example.net').waitFor()
    await review.getByRole('button', { name: 'Send 1 change' }).click()
    await row.getByText('the phone took it').waitFor({ timeout: 30_000 })
    await row.getByText('time.example.net').waitFor()
    expect(await valueAt(device.id)).toBe('time.example.net')
  })

  scenario('that are switched off do their work when they come', home, async (browse) => {
    const away = switchOn(home.server, { devices: 1, seed: 77 })
    let device: Device
    try {
      device = (await home.admin.arrived(3)).find(({ id }) => !devices.some((known) => known.id === id))!
      await home.admin.settled(device.id)
    } finally {
      await away.stop()
    }
    const page = await browse()
    await signIn(page, firstUser(home.server))
    await openDevice(page, device, 'tasks')
    await chooseDeed(page, 'Reboot')
    await page.getByRole('dialog').getByRole('button', { name: 'Reboot', exact: true }).click()
    const row = page.getByRole('table', { name: 'Tasks' }).getByRole('row').filter({ hasText: 'Reboot' })
    await row.getByText('Queued').waitFor()
    const [queued] = await home.admin.tasks(`device = "${device.id}" AND kind = reboot`)
    expect(queued!.state).toBe('queued')
    const back = switchOn(home.server, { devices: 1, seed: 77 })
    try {
      // Nobody reloads the page: the events move the row.
      await row.getByText('Succeeded').waitFor({ timeout: 40_000 })
    } finally {
      await back.stop()
    }
    expect((await home.admin.tasks(`id = "${queued!.id}"`))[0]!.state).toBe('succeeded')
  }, 120_000)

  scenario('fetch firmware that somebody uploaded', home, async (browse) => {
    const device = devices[1]!
    const page = await browse()
    await signIn(page, firstUser(home.server), '/files')
    await page.getByRole('heading', { level: 1, name: 'Files' }).waitFor()
    const chosen = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Choose files' }).click()
    await (await chosen).setFiles({ name: 'sip88xx.13-0-1.loads', mimeType: 'application/octet-stream', buffer: Buffer.alloc(3 << 20, 'firmware ') })
    const upload = page.getByRole('listitem', { name: 'sip88xx.13-0-1.loads' })
    await upload.getByLabel('Type', { exact: true }).fill('1 Firmware Upgrade Image')
    await upload.getByLabel('Version').fill('13.0.1')
    await upload.getByLabel('Product class').fill('CP-8841-3PCC')
    await upload.getByRole('button', { name: 'Upload', exact: true }).click()
    await upload.getByText('sip88xx.13-0-1.loads is stored').waitFor({ timeout: 30_000 })
    await page.getByRole('table', { name: 'Files' }).getByText('sip88xx.13-0-1.loads').waitFor()

    await openDevice(page, device, 'tasks')
    await chooseDeed(page, 'Download a file')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: /^File( \*)?$/ }).or(dialog.getByRole('textbox', { name: /^File( \*)?$/ })).first().click()
    await page.getByRole('option', { name: /sip88xx\.13-0-1/ }).click()
    await dialog.getByRole('button', { name: 'Fetch the file' }).click()
    await page.getByRole('table', { name: 'Tasks' }).getByRole('row').filter({ hasText: 'Download a file' }).getByText('Succeeded').waitFor({ timeout: 60_000 })
    const [task] = await home.admin.tasks(`device = "${device.id}" AND kind = download`)
    expect(task!.state).toBe('succeeded')
  }, 120_000)

  scenario('show their changes on an open page without a reload', home, async (browse) => {
    const device = devices[0]!
    const page = await browse()
    await signIn(page, firstUser(home.server), '/devices')
    const row = page.getByRole('grid', { name: 'Devices' }).getByRole('row').filter({ hasText: device.serialNumber })
    await row.waitFor()
    await page.getByText('Live', { exact: true }).or(page.getByLabel('Live')).first().waitFor()
    await home.admin.patch(`devices/${device.id}`, { tags: ['seen-live'] })
    await row.getByText('seen-live').waitFor({ timeout: 10_000 })
    await eventually('the API says the same', async () => (await home.admin.devices('tags:"seen-live"')).length === 1)
  })
})
