import { describe, expect } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import { Api } from './harness/api.ts'
import { house, scenario } from './harness/scenario.ts'
import { firstUser, fillSignIn, signIn } from './harness/signIn.ts'

describe('administration', () => {
  const home = house()

  /** Chooses an option of a field that opens a list. */
  async function choose(page: Page, within: Locator, field: string, option: string): Promise<void> {
    const input = within.getByRole('combobox', { name: field }).or(within.getByRole('textbox', { name: field })).first()
    await input.click()
    await page.getByRole('option', { name: option, exact: true }).click()
  }

  scenario('a user is made, signs in with the password that is shown once, and is disabled', home, async (browse) => {
    const page = await browse()
    await signIn(page, firstUser(home.server), '/users')
    await page.getByRole('button', { name: 'New user' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('otto')
    await dialog.getByLabel('Display name').fill('Otto')
    await choose(page, dialog, 'Role', 'operator')
    await dialog.getByRole('button', { name: 'Create user' }).click()
    const password = (await dialog.locator('pre').innerText()).trim()
    expect(password.length).toBeGreaterThanOrEqual(12)
    await dialog.getByRole('button', { name: 'I have kept it' }).click()
    await page.getByRole('table', { name: 'Users' }).getByText('otto', { exact: true }).waitFor()

    const other = await browse({ refusals: [/^401 /] })
    await other.goto('/sign-in')
    await fillSignIn(other, { name: 'otto', password })
    await other.getByRole('heading', { level: 1, name: 'Choose your password' }).waitFor()

    await page.getByRole('table', { name: 'Users' }).getByRole('button', { name: 'otto' }).click()
    const drawer = page.getByRole('dialog', { name: 'User otto' })
    await drawer.getByLabel('Disabled').check()
    await drawer.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('otto is changed.').waitFor()
    await other.goto('/sign-in')
    await fillSignIn(other, { name: 'otto', password })
    await other.getByRole('alert').waitFor()
  })

  scenario('a role is made of permissions', home, async (browse) => {
    const page = await browse()
    await signIn(page, firstUser(home.server), '/roles')
    await page.getByRole('button', { name: 'New role' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('waker')
    await dialog.getByLabel('What it is for').fill('Wakes phones')
    await dialog.getByLabel('devices.read', { exact: true }).check()
    await dialog.getByLabel('devices.wake', { exact: true }).check()
    await dialog.getByRole('button', { name: 'Create role' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByText('waker', { exact: true }).first().waitFor()
    const { items } = await home.admin.get<{ items: { name: string; permissions: string[] }[] }>('roles')
    expect(items.find(({ name }) => name === 'waker')?.permissions.toSorted()).toEqual(['devices.read', 'devices.wake'])
  })

  scenario('a token is shown once, works, and works no more once it is deleted', home, async (browse) => {
    const page = await browse()
    await signIn(page, firstUser(home.server), '/tokens')
    await page.getByRole('button', { name: 'New token' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('billing')
    await choose(page, dialog, 'Role', 'viewer')
    await dialog.getByRole('button', { name: 'Create token' }).click()
    const secret = (await dialog.locator('pre').innerText()).trim()
    await dialog.getByRole('button', { name: 'I have kept it' }).click()
    const program = new Api(home.server.origin, secret)
    expect((await program.send('GET', 'devices')).status).toBe(200)
    expect((await program.send('POST', 'groups', { path: 'x' })).status).toBe(403)
    expect(await page.locator('body').innerText()).not.toContain(secret)

    await page.getByRole('button', { name: 'Delete token billing' }).click()
    const confirm = page.getByRole('dialog')
    await confirm.getByRole('textbox').fill('billing')
    await confirm.getByRole('button', { name: 'Delete token' }).click()
    await confirm.waitFor({ state: 'hidden' })
    expect((await program.send('GET', 'devices')).status).toBe(401)
  })

  scenario('a group is made below another and found in the tree', home, async (browse) => {
    const page = await browse()
    await home.admin.post('groups', { path: 'reseller', title: 'Reseller' })
    await signIn(page, firstUser(home.server), '/groups?group=reseller')
    await page.getByRole('button', { name: 'New group in this' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Title').fill('Customer One')
    await dialog.getByRole('button', { name: 'Create group' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByRole('tree').getByRole('treeitem', { name: 'Customer One' }).waitFor()
    const { items } = await home.admin.get<{ items: { path: string; title: string }[] }>('groups?parent=reseller')
    expect(items).toMatchObject([{ title: 'Customer One' }])
  })

  scenario('the audit log shows who changed what, from what to what, and that nobody touched it', home, async (browse) => {
    const page = await browse()
    const device = await home.admin.post<{ id: string }>('devices', { mac: '00:15:65:00:00:07', tags: ['before'] })
    const person = await home.admin.user('audrey', 'operator')
    await signIn(page, person, `/devices/${device.id}`)
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Tags').fill('after')
    await dialog.getByLabel('Tags').press('Enter')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'hidden' })

    const auditor = await browse()
    await signIn(auditor, firstUser(home.server), '/audit')
    const table = auditor.getByRole('table', { name: 'Audit log' })
    const row = table.getByRole('row').filter({ hasText: 'audrey' }).filter({ hasText: 'updateDevice' }).first()
    await row.waitFor()
    await row.getByRole('button').first().click()
    await table.getByRole('table', { name: 'What changed' }).getByRole('row', { name: 'tags before before, after' }).waitFor()
    await auditor.getByRole('button', { name: 'Check the chain' }).click()
    await auditor.getByText('The chain is intact').waitFor()
    expect(await auditor.locator('body').innerText()).not.toContain(person.password)
  })
})
