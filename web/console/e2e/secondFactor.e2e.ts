import { QRCodeSVG } from 'qrcode.react'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { house, scenario } from './harness/scenario.ts'
import { fillSignIn, signIn, type Person } from './harness/signIn.ts'
import { codeOf } from './harness/totp.ts'

/** Returns the modules of a QR code as qrcode.react draws them. */
function modules(markup: string): string | undefined {
  return [...markup.matchAll(/ d="([^"]+)"/g)].map(([, path]) => path!).sort((a, b) => b.length - a.length)[0]
}

/** Returns how a text may be drawn: with every way to correct errors, and any margin. */
function drawings(value: string): (string | undefined)[] {
  return (['L', 'M', 'Q', 'H'] as const).flatMap((level) => [0, 1, 2, 3, 4].map((marginSize) =>
    modules(renderToStaticMarkup(createElement(QRCodeSVG, { value, level, marginSize })))))
}

/** Begins to set it up, which needs the password once more, and returns what the server made. */
async function begin(page: Page, { password }: Person): Promise<{ key: string; uri: string }> {
  await page.getByRole('textbox', { name: 'Your password', exact: true }).fill(password)
  const begun = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/me/secondFactor') && answer.ok())
  await page.getByRole('button', { name: 'Set up' }).click()
  return await (await begun).json() as { key: string; uri: string }
}

describe('the second factor', () => {
  const home = house()

  scenario('is set up with a code of an app, and asked for from then on', home, async (browse) => {
    const person = await home.admin.user('careful', 'operator')
    const page = await browse()
    await signIn(page, person, '/account')
    const { key, uri } = await begin(page, person)
    expect(uri).toContain('otpauth://totp/')
    expect(uri).toContain(key)
    const drawn = await page.getByRole('img', { name: 'QR code for the authenticator app' }).evaluate((image) => image.outerHTML)
    expect(drawings(uri), 'the drawn code says something else than the address of the key').toContain(modules(drawn))
    await page.getByLabel('Code of the app').fill(codeOf(key))
    await page.getByRole('button', { name: 'Turn on' }).click()
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByText('The second factor is on.').waitFor()

    const later = await browse({ refusals: [/^401 POST \/api\/v1\/signIn$/] })
    await later.goto('/sign-in')
    await fillSignIn(later, person)
    await later.getByRole('textbox', { name: 'Code', exact: true }).fill('000000')
    await later.getByRole('button', { name: 'Sign in', exact: true }).click()
    await later.getByText('The code is wrong').waitFor()
    // The code that turned it on is used up: the next one is good already.
    await later.getByRole('textbox', { name: 'Code', exact: true }).fill(codeOf(key, 1))
    await later.getByRole('button', { name: 'Sign in', exact: true }).click()
    await later.getByRole('button', { name: 'Signed in as careful' }).waitFor()
  })

  scenario('is not for whoever finds an open console: it asks for the password', home, async (browse) => {
    const person = await home.admin.user('absent', 'operator')
    const page = await browse({ refusals: [/^422 POST \/api\/v1\/me\/secondFactor$/] })
    await signIn(page, person, '/account')
    const refused = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/me/secondFactor'))
    await page.getByRole('textbox', { name: 'Your password', exact: true }).fill('some other password')
    await page.getByRole('button', { name: 'Set up' }).click()
    expect((await refused).ok()).toBe(false)
    expect(await page.getByRole('img', { name: 'QR code for the authenticator app' }).count()).toBe(0)
  })

  scenario('can be replaced by a recovery code, once', home, async (browse) => {
    const person = await home.admin.user('forgetful', 'operator')
    const page = await browse()
    await signIn(page, person, '/account')
    const { key } = await begin(page, person)
    const confirmed = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/me/secondFactor/confirm'))
    await page.getByLabel('Code of the app').fill(codeOf(key))
    await page.getByRole('button', { name: 'Turn on' }).click()
    const { recoveryCodes } = await (await confirmed).json() as { recoveryCodes: string[] }
    await page.getByText(recoveryCodes[0]!).waitFor()
    for (const [attempt, accepted] of [[1, true], [2, false]] as const) {
      const later = await browse({ refusals: [/^401 POST \/api\/v1\/signIn$/] })
      await later.goto('/sign-in')
      await fillSignIn(later, person)
      await later.getByRole('textbox', { name: 'Code', exact: true }).fill(recoveryCodes[0]!)
      await later.getByRole('button', { name: 'Sign in', exact: true }).click()
      if (accepted) await later.getByRole('button', { name: 'Signed in as forgetful' }).waitFor()
      else await later.getByText('The code is wrong').waitFor()
      expect(await later.getByRole('button', { name: 'Signed in as forgetful' }).count(), `attempt ${attempt}`).toBe(accepted ? 1 : 0)
    }
  })
})
