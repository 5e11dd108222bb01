import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { Page } from 'playwright-core'
import { findings } from './harness/axe.ts'
import { chooseDeed, openDevice } from './harness/devicePage.ts'
import { actOnSelection, openDevices } from './harness/devicesPage.ts'
import type { Device } from './harness/api.ts'
import { furnish } from './harness/furnish.ts'
import { devicePages, generalPages, publicPages } from './harness/pages.ts'
import { searchPalette } from './harness/palette.ts'
import type { Program } from './harness/program.ts'
import { house, scenario } from './harness/scenario.ts'
import { openSettled, settle } from './harness/settled.ts'
import { firstUser, signIn } from './harness/signIn.ts'

describe('everybody can use it', () => {
  const home = house({ flags: ['--task-backoff', '1s'] })
  let phones: Program | undefined
  let device: Device

  beforeAll(async () => {
    const furnished = await furnish(home, 12)
    phones = furnished.phones
    device = furnished.devices[0]!
  }, 180_000)
  afterAll(() => phones?.stop())

  const everyPage = () => [...generalPages, ...devicePages(device.id)]

  for (const colorScheme of ['light', 'dark'] as const) {
    scenario(`axe finds nothing that matters on any page, ${colorScheme}`, home, async (browse) => {
      const page = await browse({ colorScheme })
      const found: string[] = []
      const look = async (name: string) => found.push(...(await findings(page)).map((finding) => `${name}: ${finding}`))
      for (const { name, path } of publicPages) {
        await openSettled(page, path)
        await look(name)
      }
      await signIn(page, firstUser(home.server))
      for (const { name, path } of everyPage()) {
        await openSettled(page, path)
        await look(name)
      }
      expect(found).toEqual([])
    }, 180_000)
  }

  scenario('axe finds nothing that matters in dialogs and menus', home, async (browse) => {
    const page = await browse()
    const found: string[] = []
    const look = async (name: string) => {
      await settle(page)
      found.push(...(await findings(page)).map((finding) => `${name}: ${finding}`))
    }
    await signIn(page, firstUser(home.server))
    await searchPalette(page, device.serialNumber)
    await look('palette')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click()
    await look('shortcuts')
    await openDevices(page)
    await page.getByRole('checkbox', { name: 'Select the loaded rows, or none' }).click()
    await actOnSelection(page, 'Reboot')
    await look('bulk')
    await openDevice(page, device)
    await chooseDeed(page, 'Factory reset')
    await look('factory reset')
    for (const [path, button] of [['/access', 'New rule'], ['/access', 'New shared credential'], ['/users', 'New user'], ['/roles', 'New role'], ['/tokens', 'New token'], ['/groups', 'New group'], ['/quirk-profiles', 'New profile'], ['/lines', 'New line']] as const) {
      await openSettled(page, path)
      await page.getByRole('button', { name: button }).first().click()
      await page.getByRole('dialog').waitFor()
      await look(button)
    }
    await openSettled(page, '/groups?group=acme&tab=settings')
    await page.getByRole('searchbox', { name: 'Search settings' }).fill('server')
    await look('settings found')
    await page.getByRole('textbox', { name: 'Syslog server', exact: true }).fill('new.acme.example')
    await page.getByRole('button', { name: 'Preview', exact: true }).click()
    await page.getByRole('dialog').waitFor()
    await look('plan of settings')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Another value for some phones: Syslog server' }).click()
    await page.getByRole('dialog').waitFor()
    await look('a value for some phones')
    await openSettled(page, `/devices/${device.id}?tab=settings`)
    await page.getByRole('button', { name: /^Accounts/ }).click()
    await page.getByRole('table', { name: 'Accounts' }).getByRole('button', { name: '1', exact: true }).click()
    await page.getByRole('dialog').waitFor()
    await look('settings of an account')
    expect(found).toEqual([])
  }, 120_000)

  scenario('no page scrolls sideways on a phone', home, async (browse) => {
    const page = await browse({ viewport: { width: 390, height: 844 }, hasTouch: true })
    const wide: string[] = []
    const measure = async (name: string) => {
      const over = await overflow(page)
      if (over) wide.push(`${name}: ${over}`)
    }
    for (const { name, path } of publicPages) {
      await openSettled(page, path)
      await measure(name)
    }
    await signIn(page, firstUser(home.server))
    for (const { name, path } of everyPage()) {
      await openSettled(page, path)
      await measure(name)
    }
    expect(wide).toEqual([])
  }, 120_000)

  scenario('a phone has the navigation behind a button', home, async (browse) => {
    const page = await browse({ viewport: { width: 390, height: 844 }, hasTouch: true })
    await signIn(page, firstUser(home.server))
    await page.getByRole('button', { name: 'Navigation' }).tap()
    await page.getByRole('link', { name: 'Devices', exact: true }).tap()
    await page.getByRole('heading', { level: 1, name: 'Devices' }).waitFor()
    await page.getByText(device.serialNumber).first().waitFor()
  })

  scenario('the language and the colours can be chosen and stay chosen', home, async (browse) => {
    const page = await browse()
    await signIn(page, firstUser(home.server), '/system')
    await page.getByRole('button', { name: 'Language' }).click()
    await page.getByRole('menuitemradio', { name: 'Deutsch' }).click()
    await page.getByRole('button', { name: 'Sprache' }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'Sprache' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('de')
    await page.getByRole('button', { name: 'Darstellung' }).click()
    await page.getByRole('menuitemradio', { name: 'Dunkel' }).click()
    expect(await background(page)).toBeLessThan(80)
    await page.reload()
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await background(page), 'dark after a reload').toBeLessThan(80)
  })
})

/** Returns how bright the page is behind its text, 0 to 255. */
function background(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(...(/\d+, \d+, \d+/.exec(getComputedStyle(document.body).backgroundColor)?.[0] ?? '255').split(', ').map(Number)))
}

/** Says what reaches over the right edge of the page; undefined if nothing does. */
function overflow(page: Page): Promise<string | undefined> {
  return page.evaluate(() => {
    const root = document.scrollingElement!
    if (root.scrollWidth <= root.clientWidth) return undefined
    const widest = [...document.querySelectorAll('body *')].find((element) => element.getBoundingClientRect().right > root.clientWidth + 1)
    return `${root.scrollWidth} of ${root.clientWidth} px, such as ${widest?.outerHTML.slice(0, 160) ?? 'nothing that can be named'}`
  })
}
