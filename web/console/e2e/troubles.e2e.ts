import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { Device, Task } from './harness/api.ts'
import { openDevice } from './harness/devicePage.ts'
import { openDevices } from './harness/devicesPage.ts'
import { switchOn } from './harness/phones.ts'
import type { Program } from './harness/program.ts'
import { house, scenario } from './harness/scenario.ts'
import { openSettled } from './harness/settled.ts'
import { firstUser, signIn } from './harness/signIn.ts'
import { eventually } from './harness/wait.ts'

interface TraceMessage { id: string; direction: string; method: string; body: string }

describe('what goes wrong with phones', () => {
  const home = house()
  let phones: Program
  let devices: Device[]

  beforeAll(async () => {
    phones = switchOn(home.server, { devices: 3 })
    devices = await home.admin.arrived(3)
    for (const { id } of devices) await home.admin.settled(id)
  }, 120_000)
  afterAll(() => phones?.stop())

  const traceOf = async (id: string) => (await home.admin.get<{ items: TraceMessage[] }>(`devices/${id}/trace?pageSize=500`)).items

  scenario('can be seen in the conversation of a phone that is traced', home, async (browse) => {
    const device = devices[0]!
    const page = await browse()
    await signIn(page, firstUser(home.server))
    await openDevice(page, device, 'trace')
    await page.getByText('Nothing was traced of this phone yet').waitFor()
    await page.getByRole('textbox', { name: 'Reason' }).fill('ticket 4711')
    await page.getByRole('button', { name: 'Trace this phone' }).click()
    await page.getByText('This phone is being traced').waitFor()
    await page.getByText('Waiting for the phone').waitFor()
    // What is traced begins within seconds of the order.
    await eventually('the phone is traced', async () => {
      await home.admin.post(`devices/${device.id}/tasks?connectionRequest=true`, { kind: 'getParameterValues', paths: ['Device.DeviceInfo.SoftwareVersion'] })
      await home.admin.settled(device.id)
      return (await traceOf(device.id)).some(({ method }) => method === 'GetParameterValuesResponse')
    }, { within: 40_000 })
    // The messages come by themselves.
    const answer = page.getByRole('button', { name: /^Phone: GetParameterValuesResponse/ }).first()
    await answer.waitFor({ timeout: 15_000 })
    await page.getByRole('button', { name: /^Server: GetParameterValues/ }).first().waitFor()
    await answer.click()
    await page.getByRole('group', { name: 'Body' }).getByText(/\n +<.*Name>Device\.DeviceInfo\.SoftwareVersion</).waitFor()
    await page.getByRole('button', { name: 'End tracing' }).click()
    await page.getByRole('button', { name: 'Trace this phone' }).waitFor()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download as a file' }).click()])
    expect(download.suggestedFilename()).toBe(`trace-${device.id}.jsonl`)
    await page.getByRole('button', { name: 'Delete …' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete the trace' }).click()
    await page.getByText('Nothing was traced of this phone yet').waitFor()
    expect(await traceOf(device.id)).toEqual([])
  }, 120_000)

  scenario('waits for a person: a phone in quarantine is approved', home, async (browse) => {
    const device = devices[1]!
    await home.admin.patch(`devices/${device.id}`, { quarantined: true })
    const page = await browse()
    await signIn(page, firstUser(home.server))
    await openSettled(page, '/')
    await page.getByRole('link', { name: '1 device waits for your approval' }).click()
    const row = page.getByRole('row').filter({ hasText: device.serialNumber })
    await row.getByRole('img', { name: /^In quarantine/ }).waitFor()
    expect(await page.getByRole('row').count()).toBe(2)
    await openDevice(page, device)
    await page.getByText('This phone is in quarantine').waitFor()
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByText(/is approved: what waits for it/).waitFor()
    await page.getByText('This phone is in quarantine').waitFor({ state: 'detached' })
    expect(await home.admin.count('quarantined')).toBe(0)
    // What needs a person is counted anew every few seconds.
    await eventually('nothing waits for approval', async () => !(await home.admin.get<{ items: { kind: string }[] }>('attention')).items.some(({ kind }) => kind === 'devicesQuarantined'))
    await openDevices(page)
    await page.getByRole('button', { name: 'In quarantine' }).waitFor({ state: 'detached' })
  })

  scenario('can be put right by a profile that somebody makes', home, async (browse) => {
    const device = devices[2]!
    const page = await browse({ refusals: [/^422 /] })
    await signIn(page, firstUser(home.server))
    await openSettled(page, '/quirk-profiles')
    await page.getByRole('button', { name: 'New profile' }).click()
    const form = page.getByRole('dialog')
    await form.getByRole('textbox', { name: 'Id' }).fill('three-names')
    await form.getByRole('textbox', { name: 'Name', exact: true }).fill('Takes three names at once')
    await form.getByRole('textbox', { name: 'Manufacturer' }).fill('*')
    const editor = form.getByRole('textbox', { name: 'Behaviour as JSON' })
    const write = async (text: string) => {
      await editor.click()
      await page.keyboard.press('Control+a')
      await page.keyboard.insertText(text)
    }
    await write('{\n  "getParameterValuesNames": 5000\n}')
    await form.getByRole('button', { name: 'Make the profile' }).click()
    await form.getByText(/^Line 2/).waitFor()
    await write('{\n  "getParameterValuesNames": 3\n}')
    await form.getByRole('button', { name: 'Make the profile' }).click()
    await page.getByRole('dialog', { name: 'Takes three names at once' }).getByRole('rowheader', { name: /^Names in one read/ }).waitFor()
    await openDevice(page, device, 'behaviour')
    await page.getByRole('row', { name: /getParameterValuesNames/ }).getByRole('link', { name: 'Takes three names at once' }).waitFor()
    // The phone is asked for three names in each request from now on.
    const names = ['Device.DeviceInfo.Manufacturer', 'Device.DeviceInfo.ManufacturerOUI', 'Device.DeviceInfo.ModelName', 'Device.DeviceInfo.SerialNumber', 'Device.DeviceInfo.SoftwareVersion']
    await home.admin.post('traceOrders', { device: device.id, minutes: 10 })
    const asked = await eventually('the phone is asked in parts', async () => {
      await home.admin.post<Task>(`devices/${device.id}/tasks?connectionRequest=true`, { kind: 'getParameterValues', paths: names })
      await home.admin.settled(device.id)
      const requests = (await traceOf(device.id)).filter(({ method, direction }) => method === 'GetParameterValues' && direction === 'toDevice')
      return requests.length > 0 && requests
    }, { within: 40_000 })
    expect(Math.max(...asked.map(({ body }) => body.match(/<string>/g)?.length ?? 0))).toBe(3)
  }, 120_000)

  scenario('can be tested by the phone itself', home, async (browse) => {
    const device = devices[0]!
    const page = await browse()
    await signIn(page, firstUser(home.server))
    await openDevice(page, device, 'diagnostics')
    const ping = page.getByRole('region', { name: 'Ping' })
    await ping.getByRole('button', { name: 'Start: Ping' }).click()
    await ping.getByText('This is needed.').waitFor()
    await ping.getByRole('textbox', { name: 'Host name or address' }).fill('127.0.0.1')
    await ping.getByRole('button', { name: 'Start: Ping' }).click()
    const result = ping.getByRole('list', { name: 'Last results' })
    await result.getByText('Succeeded').waitFor({ timeout: 60_000 })
    await result.getByText('Came back').waitFor()
    const [task] = await home.admin.tasks(`device = "${device.id}" AND kind = ipPing`)
    expect(task).toMatchObject({ state: 'succeeded', args: { host: '127.0.0.1', numberOfRepetitions: 4 } })
  }, 120_000)
})
