import type { Page } from 'playwright-core'
import type { Server } from './server.ts'

/** Who signs in, and with what. */
export interface Person { name: string; password: string }

/** The user that the first start makes. */
export function firstUser(server: Server): Person {
  return { name: 'admin', password: server.firstPassword }
}

/** Fills in the form of the sign-in page, and sends it. */
export async function fillSignIn(page: Page, { name, password }: Person): Promise<void> {
  await page.getByRole('textbox', { name: 'User name', exact: true }).fill(name)
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Signs in by the form, opens the path, and waits until the page is there. */
export async function signIn(page: Page, person: Person, path = '/account'): Promise<void> {
  await page.goto(`/sign-in?returnTo=${encodeURIComponent(path)}`)
  await fillSignIn(page, person)
  await page.getByRole('button', { name: /^Signed in as / }).waitFor()
}
