import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { Page } from 'playwright-core'
import { Api, type Device } from './harness/api.ts'
import { openDevice } from './harness/devicePage.ts'
import { openDevices, search } from './harness/devicesPage.ts'
import { searchPalette } from './harness/palette.ts'
import { switchOn } from './harness/phones.ts'
import type { Program } from './harness/program.ts'
import { house, scenario } from './harness/scenario.ts'
import { openSettled } from './harness/settled.ts'
import { signIn, type Person } from './harness/signIn.ts'

describe('rights', () => {
  const home = house()
  let phones: Program
  let own: Device
  let other: Device

  beforeAll(async () => {
    phones = switchOn(home.server, { devices: 2 })
    for (const path of ['north', 'south']) await home.admin.post('groups', { path })
    const arrived = await home.admin.arrived(2)
    for (const { id } of arrived) await home.admin.settled(id)
    await home.admin.patch(`devices/${arrived[0]!.id}`, { group: 'north' })
    await home.admin.patch(`devices/${arrived[1]!.id}`, { group: 'south' })
    own = arrived[0]!
    other = arrived[1]!
    for (const { id } of arrived) await home.admin.post(`devices/${id}/tasks`, { kind: 'getParameterValues', paths: ['Device.DeviceInfo.'] })
  }, 120_000)
  afterAll(() => phones?.stop())

  /** Returns what a request with the cookie of the page is answered. */
  function status(page: Page, method: string, path: string, body?: unknown): Promise<number> {
    return page.evaluate(async ([verb, address, text]) => {
      const answer = await fetch(`/api/v1/${address}`, { method: verb!, headers: text ? { 'Content-Type': 'application/json' } : {}, body: text || undefined })
      return answer.status
    }, [method, path, body === undefined ? '' : JSON.stringify(body)])
  }

  scenario('a viewer finds every deed closed, and the server refuses as well', home, async (browse) => {
    const viewer = await home.admin.user('victor', 'viewer')
    const page = await browse({ refusals: [/^403 /] })
    await signIn(page, viewer)
    await openDevices(page)
    const add = page.getByRole('button', { name: 'Add device' })
    expect(await add.count() === 0 || await add.isDisabled(), 'Add device').toBe(true)
    await openDevice(page, own)
    for (const name of ['Wake', 'Refresh all']) {
      const button = page.getByRole('button', { name, exact: true })
      expect(await button.count() === 0 || await button.isDisabled(), name).toBe(true)
    }
    await page.getByRole('button', { name: 'More', exact: true }).click()
    for (const name of ['Edit', 'Download a file', 'Reboot', 'Factory reset', 'Delete the device']) {
      expect(await page.getByRole('menuitem', { name }).isDisabled(), name).toBe(true)
    }
    await page.keyboard.press('Escape')
    for (const [path, deeds] of [['/files', ['Choose files', /^Delete/]], ['/groups', ['New group']]] as const) {
      await openSettled(page, path)
      for (const name of deeds) {
        const buttons = await page.getByRole('button', { name }).all()
        for (const button of buttons) expect(await button.isDisabled(), `${path} ${String(name)}`).toBe(true)
      }
    }
    for (const path of ['/users', '/roles', '/tokens', '/audit']) {
      await openSettled(page, path)
      await page.getByText('You may not open this page').waitFor()
    }
    expect(await page.getByRole('navigation').getByRole('link', { name: 'Users' }).count(), 'a link to users').toBe(0)

    expect(await status(page, 'POST', `devices/${own.id}/tasks`, { kind: 'reboot' })).toBe(403)
    expect(await status(page, 'PATCH', `devices/${own.id}`, { tags: ['x'] })).toBe(403)
    expect(await status(page, 'POST', 'devices/bulk', { filter: '*', addTags: ['x'] })).toBe(403)
    expect(await status(page, 'POST', 'users', { name: 'x', role: 'admin' })).toBe(403)
    expect(await status(page, 'GET', 'audit')).toBe(403)
    expect(await home.admin.tasks('kind = reboot')).toHaveLength(0)
  })

  scenario('an operator of one group sees nothing of another', home, async (browse) => {
    const person = await home.admin.user('nora', 'operator', 'north')
    const page = await browse({ refusals: [/^404 GET \/api\/v1\/devices\//, /^403 GET \/api\/v1\/statistics$/, /^404 GET \/api\/v1\/groups\/south$/] })
    await signIn(page, person)
    await openDevices(page)
    await page.getByText(own.serialNumber).first().waitFor()
    await page.getByRole('status').filter({ hasText: '1 device' }).waitFor()
    const absent = async (where: string) => expect(await page.locator('body').innerText(), where).not.toContain(other.serialNumber)
    await absent('devices')

    await search(page, other.serialNumber)
    await page.getByText('No device matches').waitFor()
    await search(page, `group = south OR serialNumber = "${other.serialNumber}"`)
    await page.waitForURL(/south/)
    await page.getByText('No device matches').waitFor()

    await openDevices(page)
    await (await searchPalette(page, other.serialNumber)).getByText('Nothing found').waitFor()
    await page.keyboard.press('Escape')

    await openSettled(page, `/devices/${other.id}`)
    await page.getByText(`There is no device ${other.id}`).waitFor()
    for (const path of ['/', '/tasks', '/groups']) {
      await openSettled(page, path)
      await absent(path)
      expect(await page.locator('body').innerText(), path).not.toMatch(/\bsouth\b/)
      expect(await page.locator('body').innerText(), path).not.toContain(other.id)
    }
    expect(await status(page, 'GET', `devices/${other.id}`)).toBe(404)
    expect(await status(page, 'GET', `devices/${other.id}/tasks`)).toBe(404)
    expect(await status(page, 'GET', 'groups/south')).toBe(404)
  })

  scenario('an operator of one group hears nothing of another', home, async () => {
    const person = await home.admin.user('nick', 'operator', 'north')
    const heard = await listen(person, async () => {
      await home.admin.patch(`devices/${other.id}`, { tags: ['unheard'] })
      await home.admin.post(`devices/${other.id}/tasks`, { kind: 'reboot' })
      await home.admin.patch(`devices/${own.id}`, { tags: ['heard'] })
    })
    expect(heard).toContain(own.id)
    expect(heard).not.toContain(other.id)
    expect(heard).not.toContain('unheard')
  })

  /** Follows the events as somebody who signed in, until those of the own device came. */
  async function listen({ name, password }: Person, happen: () => Promise<void>): Promise<string> {
    const signedIn = await new Api(home.server.origin, '').send('POST', 'signIn', { name, password })
    const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!
    const control = new AbortController()
    const stream = await fetch(`${home.server.origin}/api/v1/events`, { headers: { Cookie: cookie }, signal: control.signal })
    expect(stream.status).toBe(200)
    let heard = ''
    const end = setTimeout(() => control.abort(), 15_000)
    try {
      const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
      const happened = happen()
      while (!heard.includes('"heard"')) {
        const { done, value } = await reader.read()
        if (done) break
        heard += value
      }
      await happened
    } finally {
      clearTimeout(end)
      control.abort()
    }
    return heard
  }

  scenario('nobody gives more than they have', home, async (browse) => {
    await home.admin.post('roles', { name: 'keeper', description: '', permissions: ['users.read', 'users.write', 'devices.read', 'groups.read'] })
    const keeper = await home.admin.user('kim', 'keeper', 'north')
    const page = await browse({ refusals: [/^40[34] /] })
    await signIn(page, keeper, '/users')
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor()
    expect(await status(page, 'POST', 'users', { name: 'boss', role: 'admin', scope: 'north' })).toBe(403)
    expect(await status(page, 'POST', 'users', { name: 'beside', role: 'keeper', scope: 'south' })).toBe(403)
    expect(await status(page, 'POST', 'users', { name: 'peer', role: 'keeper' })).toBe(201)
    expect((await home.admin.get<{ scope: string }>('users/peer')).scope, 'who is limited limits whom they make').toBe('north')
    expect(await status(page, 'DELETE', 'users/admin')).toBe(404)
  })
})
