import { beforeAll, describe, expect } from 'vitest'
import type { Page } from 'playwright-core'
import type { Device } from './harness/api.ts'
import { devicePages, generalPages } from './harness/pages.ts'
import { searchPalette } from './harness/palette.ts'
import { house, scenario } from './harness/scenario.ts'
import { openSettled, settle } from './harness/settled.ts'
import { firstUser, signIn } from './harness/signIn.ts'

const script = '<script>window.pwned=1</script>'
const image = '<img src=x onerror=window.pwned=1>'

describe('what devices and people write is text', () => {
  const home = house({ hostile: true })
  let devices: Device[]

  beforeAll(async () => {
    devices = await home.admin.devices('*')
    expect(devices).toHaveLength(5)
    await home.admin.post('users', { name: 'mallory', displayName: image, role: 'viewer', password: 'long enough for all', mustChangePassword: false })
    await home.admin.post('roles', { name: 'strange', description: script, permissions: ['devices.read'] })
    await home.admin.post('tokens', { name: script, role: 'viewer' })
    await home.admin.patch(`devices/${devices[0]!.id}`, { tags: [image, script] })
    await home.admin.post('groups', { path: 'acme', title: script, description: image })
    await home.admin.post('lines', { group: 'acme', number: '201', displayName: image, label: script })
    await home.admin.patch('groups/acme/settings', { set: [{ path: 'phonebook.1.name', value: image }, { path: 'syslog.server', value: 'log.example.net' }] })
  })

  /** Fails if a payload did anything, or became an element or an address. */
  async function harmless(page: Page, where: string): Promise<void> {
    const found = await page.evaluate(() => ({
      pwned: 'pwned' in window,
      elements: [...document.querySelectorAll('img[src="x"], script:not([src]), [onerror], [onload]')].map((element) => element.outerHTML),
      addresses: [...document.querySelectorAll('a[href], [src]')].map((element) => element.getAttribute('href') ?? element.getAttribute('src') ?? '')
        .filter((address) => /^\s*javascript:/i.test(address)),
    }))
    expect(found, where).toEqual({ pwned: false, elements: [], addresses: [] })
  }

  scenario('on every page', home, async (browse) => {
    const page = await browse()
    await signIn(page, firstUser(home.server))
    const shown = new Set<string>()
    for (const { path } of [...generalPages, ...devices.flatMap(({ id }) => devicePages(id))]) {
      await openSettled(page, path)
      await harmless(page, path)
      const text = await page.locator('body').innerText()
      for (const payload of [script, image]) if (text.includes(payload)) shown.add(`${new URL(page.url()).pathname.replace(/[a-z2-7]{26}/, 'ID')} ${payload}`)
    }
    // A page that shows nothing would pass as well.
    for (const where of ['/devices', '/devices/ID', '/tasks', '/users', '/tokens', '/roles', '/groups', '/lines']) {
      expect([...shown].some((entry) => entry.startsWith(`${where} `)), `${where} shows no payload: ${[...shown].join(', ')}`).toBe(true)
    }
  }, 240_000)

  scenario('in the details of tasks, in the tree of parameters, and in what the palette finds', home, async (browse) => {
    const page = await browse()
    await signIn(page, firstUser(home.server))
    for (const { id } of devices.slice(0, 2)) {
      for (const task of await home.admin.tasks(`device = "${id}"`)) {
        await openSettled(page, `/devices/${id}?tab=tasks&task=${task.id}`)
        await page.getByRole('dialog').waitFor()
        await settle(page)
        await harmless(page, `task ${task.kind}`)
      }
      await openSettled(page, `/devices/${id}?tab=parameters&q=pwned`)
      await page.getByRole('treegrid').getByText('window.pwned=1').first().waitFor()
      await harmless(page, 'parameters')
    }
    const palette = await searchPalette(page, 'onerror')
    await palette.getByText(image).first().waitFor()
    await harmless(page, 'palette')
  }, 120_000)

  scenario('in an export, where a spreadsheet would run it', home, async (browse) => {
    const page = await browse()
    await signIn(page, firstUser(home.server))
    const [first] = devices
    await home.admin.patch(`devices/${first!.id}`, { tags: ['=1+1'] })
    await openSettled(page, `/devices?filter=${encodeURIComponent(`id = ${first!.id}`)}`)
    const began = page.waitForEvent('download')
    await page.getByRole('link', { name: 'CSV' }).click()
    const stream = await (await began).createReadStream()
    let csv = ''
    for await (const chunk of stream) csv += String(chunk)
    expect(csv).toContain("'=1+1")
    expect(csv).not.toMatch(/(^|,|")=1\+1/m)
  })
})
