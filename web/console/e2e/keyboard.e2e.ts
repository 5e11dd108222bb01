import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import type { Device } from './harness/api.ts'
import { deviceRow, search, searchBox } from './harness/devicesPage.ts'
import { searchPalette } from './harness/palette.ts'
import { switchOn } from './harness/phones.ts'
import type { Program } from './harness/program.ts'
import { house, scenario } from './harness/scenario.ts'
import { firstUser, signIn } from './harness/signIn.ts'
import { eventually } from './harness/wait.ts'

const mostStops = 60

/** Presses Tab until the element has the focus, and checks that the focus can be seen. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor()
  for (let i = 0; i < mostStops; i++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) {
      expect(await page.evaluate(visibleFocus), 'the focus cannot be seen').toBe(true)
      return
    }
    await page.keyboard.press('Tab')
  }
  throw new Error(`${mostStops} presses of Tab do not lead to ${String(wanted)}`)
}

/** Reports whether the element with the focus, or what frames it, has an outline, a ring or a border of its own. */
function visibleFocus(): boolean {
  for (let element: Element | null = document.activeElement, i = 0; element && i < 3; element = element.parentElement, i++) {
    const style = getComputedStyle(element)
    if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) return true
    if (style.boxShadow !== 'none') return true
    if (element.matches('input, textarea, [contenteditable="true"]') && parseFloat(style.borderTopWidth) > 0) return true
  }
  return false
}

describe('without a mouse', () => {
  const home = house()
  let phones: Program
  let device: Device

  beforeAll(async () => {
    phones = switchOn(home.server, { devices: 3 })
    device = (await home.admin.arrived(3))[1]!
    await home.admin.settled(device.id)
  }, 120_000)
  afterAll(() => phones?.stop())

  scenario('somebody signs in, finds a phone and reboots it', home, async (browse) => {
    const { name, password } = firstUser(home.server)
    const page = await browse()
    await page.goto('/')
    await tabTo(page, page.getByRole('textbox', { name: 'User name', exact: true }))
    await page.keyboard.type(name)
    await tabTo(page, page.getByRole('textbox', { name: 'Password', exact: true }))
    await page.keyboard.type(password)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Signed in as admin' }).waitFor()

    const palette = await searchPalette(page, device.serialNumber)
    await palette.getByText(device.serialNumber).first().waitFor()
    // Enter opens what is marked; the arrow marks the first, if nothing is.
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: device.serialNumber }).waitFor()
    expect(page.url()).toContain(device.id)

    await tabTo(page, page.getByRole('button', { name: 'More', exact: true }))
    await page.keyboard.press('Enter')
    const reboot = page.getByRole('menuitem', { name: 'Reboot' })
    await reboot.waitFor()
    await eventually('the arrows lead to Reboot', async () => {
      if (await reboot.evaluate((element) => element === document.activeElement)) return true
      await page.keyboard.press('ArrowDown')
      return false
    })
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await tabTo(page, dialog.getByRole('button', { name: 'Reboot', exact: true }))
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'hidden' })
    await eventually('the phone has rebooted', async () => (await home.admin.tasks(`device = "${device.id}" AND kind = reboot`))[0]?.state === 'succeeded', { within: 40_000 })
  }, 90_000)

  scenario('the list of devices is walked, selected and opened by keys', home, async (browse) => {
    const page = await browse()
    await signIn(page, firstUser(home.server), '/system')
    await page.getByRole('heading', { level: 1, name: 'System' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('d')
    await page.getByRole('heading', { level: 1, name: 'Devices' }).waitFor()
    await page.getByRole('row').filter({ hasText: device.serialNumber }).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.getByRole('status').filter({ hasText: '1 of 3 selected' }).waitFor()
    const chosen = await page.getByRole('row', { selected: true }).getByRole('link').first().innerText()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: chosen }).waitFor()
    await page.goBack()
    await page.getByRole('row').filter({ hasText: device.serialNumber }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type(device.serialNumber)
    await page.keyboard.press('Enter')
    await page.getByRole('status').filter({ hasText: '1 device' }).waitFor()
    await page.getByRole('row').filter({ hasText: device.serialNumber }).waitFor()
  })

  scenario('what is typed while the editor takes the place of the plain box is kept, in order', home, async (browse) => {
    const page = await browse()
    let arrive = () => {}
    const arrived = new Promise<void>((resolve) => { arrive = resolve })
    await page.route(/FilterEditor-[^/]*\.js/, async (route) => {
      await arrived
      await route.continue()
    })
    await signIn(page, firstUser(home.server), '/devices')
    await searchBox(page).focus()
    const text = 'serialNumber = nobody-has-this-serial-number'
    await page.keyboard.type(text.slice(0, 12), { delay: 20 })
    arrive()
    await page.keyboard.type(text.slice(12), { delay: 20 })
    await page.keyboard.press('Enter')
    await eventually('the whole filter is in the address', async () => new URL(page.url()).searchParams.get('filter') === text)
  })

  scenario('the palette opens from wherever the focus is, also while somebody types a filter', home, async (browse) => {
    const page = await browse()
    await signIn(page, firstUser(home.server), '/devices')
    await search(page, device.serialNumber)
    await deviceRow(page, device.serialNumber).waitFor()
    const palette = await searchPalette(page, 'System')
    await palette.getByRole('button', { name: 'System' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'System' }).waitFor()
  })

  scenario('the keys are listed, and Tab leads over the navigation to the content', home, async (browse) => {
    const page = await browse()
    await signIn(page, firstUser(home.server), '/system')
    await page.getByRole('heading', { level: 1, name: 'System' }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.reload()
    const skip = page.getByRole('link', { name: 'Skip to the content' })
    await page.getByRole('heading', { level: 1, name: 'System' }).waitFor()
    await tabTo(page, skip)
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null), 'the focus is in the content').toBe(true)
  })
})
