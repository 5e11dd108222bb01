import { describe, expect } from 'vitest'
import { house, scenario } from './harness/scenario.ts'
import { searchPalette } from './harness/palette.ts'
import { firstUser, signIn } from './harness/signIn.ts'
import { eventually } from './harness/wait.ts'

interface Given { name: string; confirms: boolean; generic: boolean }

describe('phones that fetch files', () => {
  const home = house()
  const agent = 'Yealink SIP-T46S 66.86.0.15 00:15:65:11:22:33'

  /** Asks for a file as a phone does. */
  const ask = (path: string, userAgent: string) => fetch(new URL(path, home.server.files), { headers: { 'User-Agent': userAgent } })

  scenario('a phone is added in the console, takes its file, and the page shows that it holds it', home, async (browse) => {
    const page = await browse()
    await home.admin.post('lines', { number: '201', user: '201', password: 'kept between us', displayName: 'Anna K.' })
    await signIn(page, firstUser(home.server), '/devices')
    const palette = await searchPalette(page, 'Add a phone')
    await palette.getByRole('button', { name: 'Add a phone' }).click()
    await page.getByRole('combobox', { name: 'Model' }).fill('t46s')
    await page.getByRole('option', { name: 'SIP-T46S', exact: true }).click()
    await page.getByText(/Served by the vendor pack Yealink/).waitFor()
    await page.getByRole('textbox', { name: 'MAC address' }).fill('00:15:65:11:22:33')
    await page.getByRole('combobox', { name: 'Number of the line' }).fill('201')
    await page.getByRole('option', { name: /^201/ }).click()
    await page.getByRole('button', { name: 'Add the phone' }).click()
    await page.getByText('It has not asked yet.').waitFor()
    await page.getByRole('listitem').filter({ hasText: 'option 66' }).waitFor()

    const [device] = await home.admin.devices('mac = "00:15:65:11:22:33"')
    const { items } = await home.admin.get<{ items: Given[] }>(`devices/${device!.id}/files`)
    const confirming = items.find(({ confirms }) => confirms)!
    const answer = await ask(confirming.name, agent)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('kept between us')

    await page.getByText('The phone holds its settings.').waitFor()
    await page.getByRole('cell', { name: 'Given (200)' }).waitFor()
    await page.getByRole('link', { name: 'Open the phone' }).click()
    await page.getByText('the phone holds it').waitFor()
    await page.getByRole('button', { name: confirming.name }).click()
    const drawer = page.getByRole('dialog', { name: confirming.name })
    const content = drawer.getByRole('group', { name: `Content of ${confirming.name}` })
    await content.waitFor()
    expect(await content.innerText()).not.toContain('kept between us')
    await drawer.getByRole('button', { name: /^Show secrets/ }).click()
    await content.filter({ hasText: 'kept between us' }).waitFor()
    await drawer.getByRole('button', { name: 'Close' }).click()

    await page.goto('/file-requests')
    await page.getByRole('table', { name: 'File requests' }).getByRole('link').first().waitFor()
    await page.goto('/devices?columns=mac,pack,provisioning')
    await page.getByRole('row').filter({ hasText: '00:15:65:11:22:33' }).getByText('Up to date').waitFor()
  })

  scenario('a phone that is not known asks, is adopted, and takes its file', home, async (browse) => {
    const page = await browse()
    await ask('001565445566.cfg', 'Yealink SIP-T46S 66.86.0.15 00:15:65:44:55:66')
    await eventually('the phone is listed', async () => (await home.admin.get<{ items: unknown[] }>('strangers')).items.length > 0)
    await signIn(page, firstUser(home.server), '/new-phones')
    await page.getByRole('button', { name: /^Adopt .*00:15:65:44:55:66/ }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByRole('combobox', { name: 'Model' }).inputValue()).toBe('SIP-T46S')
    await dialog.getByRole('combobox', { name: 'Group' }).fill('acme')
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Adopt', exact: true }).click()
    await page.getByText('It has not asked yet.').waitFor()
    expect((await ask('001565445566.cfg', 'Yealink SIP-T46S 66.86.0.15 00:15:65:44:55:66')).status).toBe(200)
    await page.getByText('The phone holds its settings.').waitFor()
    await page.goto('/new-phones')
    await page.getByRole('heading', { name: 'No new phone' }).waitFor()
  })

  scenario('a template is changed in the browser, refused with its line, mended, looked at, put in force and rolled back', home, async (browse) => {
    const page = await browse({ refusals: [/^422 /] })
    await home.admin.post('devices', { mac: '00:15:65:77:88:99', model: 'SIP-T46S', settings: [{ path: 'account.1.user', value: '300' }] })
    await signIn(page, firstUser(home.server), '/packs/yealink?tab=sources')
    const { sources, files } = await home.admin.get<{ sources: string[]; files: { name: string; template: string; confirms: boolean }[] }>('packs/yealink')
    const template = files.find(({ confirms }) => confirms)!.template
    expect(sources).toContain(template)
    await page.goto(`/packs/yealink?tab=sources&source=${encodeURIComponent(template)}`)
    await page.getByRole('button', { name: 'Change in a version of my own' }).click()
    const editor = page.getByRole('textbox', { name: `Source of ${template}` })
    await editor.click()
    await page.keyboard.press('Control+End')
    await page.keyboard.press('Enter')
    await page.keyboard.type('{{.nothing}}')
    await page.getByRole('button', { name: 'Check and save as a new version' }).click()
    await page.getByRole('alert').getByRole('button', { name: new RegExp(`^${template}:\\d+$`) }).first().waitFor()
    await editor.click()
    await page.keyboard.press('Control+End')
    for (let i = 0; i < '{{.nothing}}'.length; i++) await page.keyboard.press('Backspace')
    await page.keyboard.type('features.changed_here = 1')
    await page.getByRole('button', { name: 'Check and save as a new version' }).click()
    await page.waitForURL(/version=/)
    await page.getByRole('tab', { name: 'Preview' }).click()
    await page.getByRole('combobox', { name: 'Phone' }).or(page.getByRole('textbox', { name: 'Phone' })).first().fill('778899')
    await page.getByRole('option').first().click()
    await page.getByText('+features.changed_here = 1').waitFor()
    await page.getByRole('tab', { name: 'Versions' }).click()
    await page.getByRole('button', { name: /^Put in force: version (?!built in)/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/would be given other files/).waitFor()
    await dialog.getByRole('button', { name: 'Put in force' }).click()
    await dialog.waitFor({ state: 'hidden' })
    const given = async () => (await ask('001565778899.cfg', 'Yealink SIP-T46S 66.86.0.15 00:15:65:77:88:99')).text()
    await eventually('the new version is in force', async () => (await given()).includes('features.changed_here'))
    await page.getByRole('button', { name: 'Roll back to built in' }).click()
    await dialog.getByRole('button', { name: 'Put in force' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await eventually('the built-in one is in force', async () => !(await given()).includes('features.changed_here'))
  }, 120_000)
})
