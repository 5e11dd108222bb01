import { describe, expect } from 'vitest'
import { house, scenario } from './harness/scenario.ts'
import { fillSignIn, firstUser, signIn } from './harness/signIn.ts'

describe('signing in', () => {
  const home = house()

  scenario('the first password opens the console, and a wrong one does not', home, async (browse) => {
    const page = await browse({ refusals: [/^401 POST \/api\/v1\/signIn$/] })
    await page.goto('/')
    await page.waitForURL(/\/sign-in/)
    await fillSignIn(page, { name: 'admin', password: 'not the right one' })
    await page.getByRole('alert').filter({ hasText: 'The name or the password is wrong' }).waitFor()
    await fillSignIn(page, firstUser(home.server))
    await page.getByRole('button', { name: 'Signed in as admin' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/')
  })

  scenario('the sign-in leads to the page that was asked for, and signing out ends it', home, async (browse) => {
    const page = await browse()
    await page.goto('/system')
    await page.waitForURL(/\/sign-in\?returnTo=/)
    await fillSignIn(page, firstUser(home.server))
    await page.getByRole('heading', { level: 1, name: 'System' }).waitFor()
    const cookies = await page.context().cookies()
    expect(cookies).toMatchObject([{ name: 'dialtone', httpOnly: true, sameSite: 'Lax', path: '/' }])
    await page.getByRole('button', { name: /^Signed in as/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
    const kept = await fetch(`${home.server.origin}/api/v1/me`, { headers: { Cookie: `dialtone=${cookies[0]!.value}` } })
    expect(kept.status, 'the session that was signed out').toBe(401)
  })

  scenario('whoever has a password of somebody else chooses one first', home, async (browse) => {
    const { password } = await home.admin.post<{ password: string }>('users', { name: 'newcomer', role: 'viewer' })
    const page = await browse()
    await page.goto('/sign-in')
    await fillSignIn(page, { name: 'newcomer', password })
    await page.getByRole('heading', { level: 1, name: 'Choose your password' }).waitFor()
    await page.getByRole('textbox', { name: 'Present password', exact: true }).fill(password)
    await page.getByRole('textbox', { name: 'New password', exact: true }).fill('a longer one of my own')
    await page.getByRole('textbox', { name: 'New password again', exact: true }).fill('a longer one of my own')
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByRole('button', { name: 'Signed in as newcomer' }).waitFor()
    const again = await browse()
    await signIn(again, { name: 'newcomer', password: 'a longer one of my own' })
  })

  scenario('an address of another site is no place to return to', home, async (browse) => {
    for (const target of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:window.pwned=1']) {
      const page = await browse()
      await signIn(page, firstUser(home.server), target)
      expect(new URL(page.url()).origin, target).toBe(home.server.origin)
      expect(await page.evaluate(() => 'pwned' in window), target).toBe(false)
    }
  })
})
