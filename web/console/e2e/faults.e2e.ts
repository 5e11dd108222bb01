import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { Task } from './harness/api.ts'
import { switchOn } from './harness/phones.ts'
import type { Program } from './harness/program.ts'
import { house, scenario } from './harness/scenario.ts'
import { firstUser, signIn } from './harness/signIn.ts'
import { eventually } from './harness/wait.ts'

const fleet = 12

describe('tasks that failed of the same cause', () => {
  const home = house({ flags: ['--task-backoff', '1s'] })
  let phones: Program

  beforeAll(async () => {
    phones = switchOn(home.server, { devices: fleet })
    await home.admin.arrived(fleet)
    await home.admin.post('tasks/bulk', { filter: '*', kind: 'setParameterValues', parameters: [{ path: 'Device.X_Missing.Parameter', value: '1' }], connectionRequest: true })
    await eventually('every phone refused', async () => (await home.admin.tasks('state = failed AND kind = setParameterValues')).length === fleet, { within: 90_000 })
  }, 180_000)
  afterAll(() => phones?.stop())

  async function retriesOf(filter: string): Promise<Task[]> {
    return (await home.admin.tasks(filter)).filter(({ retryOf }) => retryOf)
  }

  scenario('are counted together, explained, and retried at once', home, async (browse) => {
    const page = await browse()
    await signIn(page, firstUser(home.server), '/tasks')
    await page.getByRole('tab', { name: 'Causes' }).click()
    const cause = page.getByRole('listitem').filter({ hasText: `${fleet} failed tasks` })
    await cause.getByText('Set values').first().waitFor()
    await cause.getByRole('button', { name: 'Retry all' }).click()
    const dialog = page.getByRole('dialog')
    const deed = dialog.getByRole('button', { name: `Retry ${fleet} tasks` })
    await deed.waitFor()
    const before = (await home.admin.tasks('*')).map(({ id }) => id)
    expect(await retriesOf('*'), 'asking must queue nothing').toHaveLength(0)
    await deed.click()
    await dialog.getByRole('status').filter({ hasText: `${fleet} queued again, 0 refused, 0 remaining` }).waitFor({ timeout: 30_000 })
    const retries = await retriesOf('kind = setParameterValues')
    expect(retries).toHaveLength(fleet)
    expect(new Set(retries.map(({ retryOf }) => retryOf)).size).toBe(fleet)
    expect(new Set(retries.map(({ device }) => device)).size).toBe(fleet)
    expect(retries.filter(({ id }) => before.includes(id)), 'a retry is a new task').toHaveLength(0)
  })

  scenario('lead from the cause to the tasks, and from a task to its device', home, async (browse) => {
    const page = await browse()
    await signIn(page, firstUser(home.server), '/tasks?state=failed')
    const table = page.getByRole('table', { name: 'Tasks' })
    await table.getByRole('row').nth(1).getByRole('button').first().click()
    const drawer = page.getByRole('dialog')
    await drawer.getByText('Device.X_Missing.Parameter').first().waitFor()
    await drawer.getByText(/900[35]/).first().waitFor()
  })
})
