import { beforeAll, describe, expect } from 'vitest'
import type { Page } from 'playwright-core'
import type { Device } from './harness/api.ts'
import { house, scenario } from './harness/scenario.ts'
import { openSettled, settle } from './harness/settled.ts'
import { firstUser, signIn } from './harness/signIn.ts'

interface Level { revision: number; settings: { path: string; value: unknown; locked: boolean; secret: boolean; generate: boolean }[] }
interface Effective { settings: { path: string; value: unknown; origin: { kind: string; id?: string }; lockedBy?: { kind: string; id?: string } }[] }

describe('settings', () => {
  const home = house()
  let phone: Device
  let neighbour: Device

  beforeAll(async () => {
    for (const path of ['acme', 'acme/south', 'globex']) await home.admin.post('groups', { path })
    const account = [{ path: 'account.1.user', value: '201' }]
    phone = await home.admin.post<Device>('devices', { mac: '00:15:65:0a:0b:01', model: 'SIP-T46S', group: 'acme/south', settings: account })
    neighbour = await home.admin.post<Device>('devices', { mac: '00:15:65:0a:0b:02', model: 'SIP-T46S', group: 'globex', settings: account })
  }, 60_000)

  /** Opens the editor and looks for a setting. */
  async function find(page: Page, path: string, search: string): Promise<void> {
    await openSettled(page, path)
    await page.getByRole('searchbox', { name: 'Search settings' }).fill(search)
    await settle(page)
  }

  const preview = async (page: Page) => {
    await page.getByRole('button', { name: 'Preview', exact: true }).click()
    return page.getByRole('dialog', { name: 'What the change would do' })
  }
  const inForce = async (id: string, path: string) => (await home.admin.get<Effective>(`devices/${id}/settings/effective`)).settings.find((setting) => setting.path === path)

  scenario('one of a group is changed by way of the plan and locked, and an override is refused', home, async (browse) => {
    const page = await browse()
    await signIn(page, firstUser(home.server))
    await find(page, '/groups?group=acme&tab=settings', 'Syslog server')
    await page.getByRole('textbox', { name: 'Syslog server' }).fill('log.acme.example')
    expect(await page.getByRole('button', { name: 'Apply without preview' }).count(), 'a way around the preview').toBe(0)
    const dialog = await preview(page)
    await dialog.getByText('1 of 1 phones changes').waitFor()
    await dialog.getByRole('button', { name: 'Difference of the files of 00:15:65:0a:0b:01' }).click()
    await dialog.getByRole('region', { name: /^Difference in / }).getByText(/^\+.*log\.acme\.example/).waitFor()
    expect((await home.admin.get<Level>('groups/acme/settings')).revision, 'a preview stores nothing').toBe(0)
    await dialog.getByRole('button', { name: 'Apply (1 phone changes)' }).click()
    await page.getByText('The settings are changed.').waitFor()
    expect(await inForce(phone.id, 'syslog.server')).toMatchObject({ value: 'log.acme.example', origin: { kind: 'group', id: 'acme' } })
    expect(await inForce(neighbour.id, 'syslog.server'), 'a phone of another group').toBeUndefined()

    await page.getByRole('button', { name: 'Lock for levels below: Syslog server' }).click()
    await (await preview(page)).getByRole('button', { name: /^Apply/ }).click()
    await dialog.waitFor({ state: 'hidden' })
    expect((await home.admin.get<Level>('groups/acme/settings')).settings).toMatchObject([{ path: 'syslog.server', value: 'log.acme.example', locked: true }])

    await find(page, `/devices/${phone.id}?tab=settings`, 'Syslog server')
    const field = page.getByRole('textbox', { name: 'Syslog server' })
    expect(await field.getAttribute('readonly'), 'a locked setting is only shown').not.toBeNull()
    await page.getByText('Locked by: group acme').waitFor()
    await page.getByRole('button', { name: 'Declare it all the same: Syslog server' }).click()
    await field.fill('own.example')
    const refused = await preview(page)
    await refused.getByText('This phone stays as it is').waitFor()
    await refused.getByText('Refused: a level above locked it').waitFor()
    await refused.getByText('is refused; locked by: group acme').waitFor()
    await refused.getByRole('button', { name: 'Apply', exact: true }).click()
    await page.getByText('Refused: own.example – from: the phone itself').waitFor()
    expect(await inForce(phone.id, 'syslog.server')).toMatchObject({ value: 'log.acme.example', lockedBy: { kind: 'group', id: 'acme' } })
  })

  scenario('what cannot be is said at its field, and nothing is stored', home, async (browse) => {
    const page = await browse({ refusals: [/^422 POST \/api\/v1\/settings\/plan$/] })
    await signIn(page, firstUser(home.server))
    await find(page, '/settings', 'syslog.port')
    const field = page.getByRole('textbox', { name: 'Port' })
    await field.fill('99999')
    await page.getByRole('button', { name: 'Preview', exact: true }).click()
    await page.getByRole('group', { name: 'Port' }).getByText(/65535/).waitFor()
    expect((await home.admin.get<Level>('settings/global')).revision).toBe(0)
    await field.fill('5514')
    await (await preview(page)).getByRole('button', { name: /^Apply/ }).click()
    await page.getByText('The settings are changed.').waitFor()
    expect((await home.admin.get<Level>('settings/global')).settings).toMatchObject([{ path: 'syslog.port', value: 5514 }])
  })

  scenario('a line is added, an account is bound to it, and a password is generated and shown to nobody by itself', home, async (browse) => {
    const page = await browse()
    await signIn(page, firstUser(home.server), '/lines?group=acme')
    await page.getByRole('button', { name: 'New line' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'New line' })
    await dialog.getByRole('textbox', { name: 'Number', exact: true }).fill('301')
    await dialog.getByRole('textbox', { name: 'Display name' }).fill('Reception')
    await dialog.getByRole('button', { name: 'Add the line' }).click()
    await page.getByRole('table', { name: 'Lines' }).getByText('Reception').waitFor()
    const { items } = await home.admin.get<{ items: unknown[] }>('lines')
    expect(items).toMatchObject([{ id: 'acme:301', secret: true, password: null, listed: true }])

    await openSettled(page, `/devices/${phone.id}?tab=settings`)
    await page.getByRole('button', { name: /^Accounts/ }).click()
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    const drawer = page.getByRole('dialog', { name: /^Accounts: 2/ })
    await drawer.getByRole('combobox', { name: 'Line', exact: true }).or(drawer.getByRole('textbox', { name: 'Line', exact: true })).first().fill('301')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'hidden' })
    const plan = await preview(page)
    await plan.getByRole('region', { name: /^Difference in / }).first().getByText(/Reception/).first().waitFor()
    await plan.getByRole('button', { name: 'Apply', exact: true }).click()
    await page.getByText('The settings are changed.').waitFor()
    expect(await inForce(phone.id, 'account.2.displayName')).toMatchObject({ value: 'Reception', origin: { kind: 'line', id: 'acme:301' } })
    expect(await inForce(phone.id, 'account.2.password')).toMatchObject({ value: null })
  })

  scenario('who may only read settings changes none', home, async (browse) => {
    const viewer = await home.admin.user('vera', 'viewer', 'acme')
    const page = await browse()
    await signIn(page, viewer)
    await find(page, '/groups?group=acme&tab=settings', 'Syslog server')
    expect(await page.getByRole('textbox', { name: 'Syslog server' }).getAttribute('readonly')).not.toBeNull()
    await page.getByText('Changing settings needs the permission settings.write').waitFor()
    await openSettled(page, '/lines')
    expect(await page.getByRole('button', { name: 'New line' }).count()).toBe(0)
    await openSettled(page, '/settings')
    await page.getByText('You may not open this page').waitFor()
  })
})
