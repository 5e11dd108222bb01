import { request, type IncomingMessage } from 'node:http'
import { describe, expect } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import { switchOn } from './harness/phones.ts'
import { house, scenario } from './harness/scenario.ts'
import { firstUser, signIn } from './harness/signIn.ts'
import { eventually } from './harness/wait.ts'

describe('device access', () => {
  const home = house()
  const productClass = 'T46S'
  const credentials = { username: 'phone', password: 'as in the shop' }

  /** Returns what the server answers to an Inform of a phone without credentials. */
  async function knock(kind: string): Promise<{ status: number; asks: string }> {
    const inform = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:cwmp="urn:dslforum-org:cwmp-1-2"><soap:Header><cwmp:ID soap:mustUnderstand="1">1</cwmp:ID></soap:Header><soap:Body><cwmp:Inform>
      <DeviceId><Manufacturer>Acme</Manufacturer><OUI>000E08</OUI><ProductClass>${kind}</ProductClass><SerialNumber>KNOCK${kind}</SerialNumber></DeviceId>
      <Event><EventStruct><EventCode>2 PERIODIC</EventCode><CommandKey></CommandKey></EventStruct></Event><MaxEnvelopes>1</MaxEnvelopes><CurrentTime>2026-01-01T00:00:00Z</CurrentTime><RetryCount>0</RetryCount><ParameterList></ParameterList>
      </cwmp:Inform></soap:Body></soap:Envelope>`
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      // A connection of its own: on the one before, the session before would go on.
      const call = request(home.server.cwmp, { method: 'POST', agent: false, headers: { 'Content-Type': 'text/xml; charset=utf-8' }, timeout: 10_000 }, resolve)
      call.on('error', reject).on('timeout', () => call.destroy(new Error('no answer'))).end(inform)
    })
    answer.resume()
    return { status: answer.statusCode ?? 0, asks: String(answer.headers['www-authenticate'] ?? '') }
  }

  async function makeCredential(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'New shared credential' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('Set by the maker')
    await dialog.getByLabel('User name', { exact: true }).fill(credentials.username)
    await dialog.getByLabel('Password', { exact: true }).fill(credentials.password)
    await dialog.getByRole('button', { name: 'Create shared credential' }).click()
    await dialog.waitFor({ state: 'hidden' })
  }

  /** Writes a filter into the field of a dialog, be it the plain one or the editor. */
  async function writeFilter(dialog: Locator, filter: string): Promise<void> {
    // By keys, as a person does: text that a script puts in takes the style of the marked text along.
    const field = dialog.getByRole('textbox', { name: 'Which devices' })
    await field.click()
    await field.press('Control+a')
    await field.press('Delete')
    await field.pressSequentially(filter)
    await field.press('Escape')
  }

  scenario('a rule that wants Digest for a product class has the server ask phones of it, and a shared credential lets them in', home, async (browse) => {
    const page = await browse({ refusals: [/^422 PUT /] })
    expect((await knock(productClass)).status, 'before there is a rule').toBe(200)
    await signIn(page, firstUser(home.server), '/access')
    await page.getByText('Some devices need no proof').waitFor()
    await makeCredential(page)
    await page.getByRole('table', { name: 'Shared credentials' }).getByText('Set by the maker').waitFor()

    await page.getByRole('button', { name: 'New rule' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('Yealink')
    expect(await dialog.getByLabel('ID', { exact: true }).inputValue()).toBe('yealink')
    await writeFilter(dialog, 'productClass = T46S colour = red')
    await dialog.getByLabel('Digest', { exact: true }).check()
    await dialog.getByLabel('Unknown devices').selectOption('accept')
    await dialog.getByRole('button', { name: 'Create rule' }).click()
    await dialog.getByText('(at character 21)').waitFor()
    await writeFilter(dialog, `productClass = ${productClass}`)
    await dialog.getByRole('button', { name: 'Create rule' }).click()
    await dialog.waitFor({ state: 'hidden' })
    const rules = page.getByRole('table', { name: 'Rules' })
    await rules.getByRole('row').filter({ hasText: 'Yealink' }).filter({ hasText: 'Digest' }).waitFor()
    expect(await rules.getByRole('row').last().innerText()).toContain('Options of the server')

    const challenge = await eventually('the server asks phones of the class', async () => {
      const answer = await knock(productClass)
      return answer.status === 401 && answer
    })
    expect(challenge.asks).toContain('Digest')
    expect((await knock('T42S')).status, 'another product class').toBe(200)

    const phones = switchOn(home.server, { devices: 1, productClass, credentials })
    try {
      const device = await eventually('the phone with the shared credential is known', async () => (await home.admin.devices(`productClass = ${productClass} AND model:*`)).find(({ serialNumber }) => !serialNumber.startsWith('KNOCK')), { within: 30_000 })
      await home.admin.settled(device.id)
      const { items } = await home.admin.get<{ items: { outcome: string }[] }>(`devices/${device.id}/sessions`)
      expect(items.some(({ outcome }) => outcome === 'completed')).toBe(true)
    } finally {
      await phones.stop()
    }
    expect(await page.locator('body').innerText()).not.toContain(credentials.password)
  }, 120_000)

  scenario('a shared credential is disabled and deleted after it was named, and a rule deleted', home, async (browse) => {
    const page = await browse()
    await home.admin.put('sharedCredentials/spare', { name: 'Spare', username: 'spare', password: 'spare', enabled: true, rule: 'gone' })
    await home.admin.put('accessRules/gone', { name: 'Gone soon', enabled: true, filter: 'oui = AABBCC', methods: ['digest'] })
    await signIn(page, firstUser(home.server), '/access')
    await page.getByRole('button', { name: 'Disable shared credential Spare' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Disable' }).click()
    await dialog.waitFor({ state: 'hidden' })
    const shared = async () => (await home.admin.get<{ items: { id: string; enabled: boolean }[] }>('sharedCredentials')).items.find(({ id }) => id === 'spare')
    expect((await shared())?.enabled).toBe(false)
    await page.getByRole('button', { name: 'Delete rule Gone soon' }).click()
    expect(await dialog.innerText()).toContain('Spare')
    await dialog.getByRole('button', { name: 'Delete rule' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByText('gone (no such rule)').waitFor()
    await page.getByRole('button', { name: 'Delete shared credential Spare' }).click()
    await dialog.getByRole('button', { name: 'Delete shared credential' }).click()
    await dialog.waitFor({ state: 'hidden' })
    expect(await shared()).toBeUndefined()
  })

  scenario('who may only see policies finds no deeds', home, async (browse) => {
    const page = await browse()
    await home.admin.post('roles', { name: 'auditor', description: 'Looks', permissions: ['devices.read', 'policies.read'] })
    await home.admin.put('accessRules/seen', { name: 'Seen', enabled: true, filter: 'oui = AABBCC', methods: ['digest'] })
    await signIn(page, await home.admin.user('olga', 'auditor'), '/access')
    await page.getByRole('table', { name: 'Rules' }).getByText('Seen').waitFor()
    expect(await page.getByRole('main').getByRole('button').count()).toBe(0)
  })
})
