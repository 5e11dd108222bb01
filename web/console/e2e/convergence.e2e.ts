import { describe, expect } from 'vitest'
import type { Device } from './harness/api.ts'
import { chooseDeed, openDevice } from './harness/devicePage.ts'
import { house, scenario } from './harness/scenario.ts'
import { firstUser, signIn } from './harness/signIn.ts'
import { eventually } from './harness/wait.ts'

interface Effective { settings: { path: string; value: unknown; origin: { kind: string } }[] }
interface Converging { differences: { path: string; restoring: boolean }[] }

describe('a phone that drifted from its settings', () => {
  const home = house({ drift: true })
  const registrar = 'Device.Services.VoiceService.1.VoiceProfile.1.SIP.RegistrarServer'
  const displayName = 'Device.Services.VoiceService.1.VoiceProfile.1.Line.1.CallingFeatures.CallerIDName'

  const find = async (mac: string): Promise<Device> => (await home.admin.devices(`mac = "${mac}"`))[0]!

  /** Declares what the phone should have, and has it take its file as it is then. */
  const settle = async (): Promise<Device> => {
    const phone = await find('00:15:65:aa:bb:cc')
    await home.admin.patchSettings(`devices/${phone.id}/settings`, [
      { path: 'account.1.user', value: '201' }, { path: 'account.1.password', value: 'kept between us' },
      { path: 'account.1.registrar', value: 'sip.example.com' }, { path: 'account.1.displayName', value: 'Anna K.' },
    ])
    const answer = await fetch(new URL('001565aabbcc.cfg', home.server.files), { headers: { 'User-Agent': 'Yealink SIP-T46S 66.86.0.15 00:15:65:aa:bb:cc' } })
    expect(answer.status).toBe(200)
    await answer.text()
    await eventually('the phone is seen to have drifted', async () => (await home.admin.devices('provisioning = drifted')).length === 1)
    return phone
  }

  scenario('is found from the overview, one value is adopted and another set back', home, async (browse) => {
    const phone = await settle()
    const page = await browse()
    await signIn(page, firstUser(home.server), '/')
    await page.getByRole('region', { name: 'Settings and files' }).getByRole('link', { name: /Drifted/ }).click()
    await page.waitForURL(/provisioning/)
    await page.getByRole('button', { name: /^Drifted from settings/ }).waitFor()
    await page.getByRole('grid').getByText('00:15:65:aa:bb:cc').waitFor()

    await openDevice(page, phone, 'convergence')
    const table = page.getByRole('table', { name: 'What differs' })
    const row = (path: string) => table.getByRole('row').filter({ hasText: path })
    await row(registrar).getByText('sip.other.example').waitFor()
    await row('Line.1.SIP.AuthPassword').getByText('withheld').waitFor()
    expect(await row('Line.1.SIP.AuthPassword').getByRole('checkbox').isDisabled()).toBe(true)
    expect(await row('Device.Time.LocalTimeZone').getByRole('checkbox').isDisabled()).toBe(true)
    expect(await page.locator('main').innerText()).not.toContain('kept between us')

    await table.getByRole('checkbox', { name: `Choose ${registrar}` }).click()
    await page.getByRole('button', { name: 'Adopt 1 value' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('account.1.registrar').waitFor()
    await dialog.getByRole('button', { name: 'Adopt 1 value' }).click()
    await dialog.waitFor({ state: 'hidden' })
    const { settings } = await home.admin.get<Effective>(`devices/${phone.id}/settings/effective`)
    expect(settings.find(({ path }) => path === 'account.1.registrar')).toMatchObject({ value: 'sip.other.example', origin: { kind: 'device' } })

    await table.getByRole('checkbox', { name: `Choose ${displayName}` }).click()
    await page.getByRole('button', { name: 'Set 1 value back' }).click()
    await dialog.getByText('Anna K.').waitFor()
    await dialog.getByRole('button', { name: 'Set 1 value back' }).click()
    await row(displayName).getByText('It is set back with the next session.').waitFor()
    const { differences } = await home.admin.get<Converging>(`devices/${phone.id}/convergence`)
    expect(differences.filter(({ restoring }) => restoring).map(({ path }) => path)).toEqual([displayName])

    await page.getByRole('button', { name: 'Retry now' }).click()
    await page.getByText('its next session compares').waitFor()
  })

  scenario('is not adopted where a level above locked the setting, and the level is named', home, async (browse) => {
    const phone = await settle()
    await home.admin.patchSettings('settings/global', [{ path: 'account.*.registrar', value: 'sip.example.com', locked: true }])
    const page = await browse({ refusals: [/^409 POST .*\/adopt$/] })
    await signIn(page, firstUser(home.server), `/devices/${phone.id}?tab=convergence`)
    await page.getByRole('checkbox', { name: `Choose ${registrar}` }).click()
    await page.getByRole('button', { name: 'Adopt 1 value' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Adopt 1 value' }).click()
    await page.getByRole('dialog').getByRole('alert').getByText('account.1.registrar is locked by the global settings').waitFor()
  })

  scenario('has its model listed with what cannot reach it, until the model is asked again', home, async (browse) => {
    const page = await browse()
    await signIn(page, firstUser(home.server), '/data-models')
    await page.getByRole('row').filter({ hasText: 'SIP-T46S' }).getByRole('button').click()
    const drawer = page.getByRole('dialog', { name: 'Yealink SIP-T46S 66.86.0.15' })
    await drawer.getByText('the device cannot be told of TLS').waitFor()
    await drawer.getByText('w Time.LocalTimeZone').waitFor()
    await drawer.getByRole('button', { name: 'Ask again' }).click()
    await page.getByRole('dialog', { name: /^Ask Yealink/ }).getByRole('button', { name: 'Ask again' }).click()
    await page.getByRole('heading', { name: 'No model has told its parameters yet' }).waitFor()
  })

  scenario('a factory reset of a Cisco phone says beforehand that TR-069 is off after it', home, async (browse) => {
    const cisco = await find('d0:ec:35:11:22:33')
    const page = await browse()
    await signIn(page, firstUser(home.server), '/')
    await openDevice(page, cisco)
    await chooseDeed(page, 'Factory reset …')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('alert').filter({ hasText: 'TR-069 is off on this phone afterwards' }).waitFor()
    await dialog.getByRole('link', { name: 'What the DHCP server has to say' }).click()
    await page.getByRole('heading', { level: 1, name: 'DHCP' }).waitFor()
    await page.getByRole('combobox', { name: 'DHCP server' }).selectOption('kea')
    await page.getByRole('textbox', { name: 'Address of the files' }).fill('http://files.example:7567/')
    await page.getByRole('button', { name: 'Write the configuration' }).click()
    await page.getByRole('region', { name: 'Configuration' }).getByText('files.example:7567').first().waitFor()
    await page.getByRole('button', { name: /^Copy / }).first().click()
    await page.getByRole('region', { name: 'Check it' }).getByRole('listitem').first().waitFor()
  })
})
