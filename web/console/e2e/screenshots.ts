import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, test } from 'vitest'
import { usual } from './harness/browser.ts'
import { root } from './harness/environment.ts'
import { furnish } from './harness/furnish.ts'
import { devicePages, generalPages, publicPages, type ConsolePage } from './harness/pages.ts'
import { withPalette } from './harness/png.ts'
import { house, type House } from './harness/scenario.ts'
import { openSettled, settle } from './harness/settled.ts'
import { firstUser, signIn } from './harness/signIn.ts'

const folder = join(root, 'docs', 'screenshots')
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true }
/** The pages that are shown of a server without phones, and on a phone. */
const empty = ['overview', 'devices', 'groups', 'lines', 'tasks', 'causes', 'files', 'access', 'tokens']
const onPhones = ['overview', 'devices', 'settings', 'group-settings', 'device-settings', 'lines', 'tasks', 'device-overview', 'device-parameters', 'device-trace', 'device-diagnostics', 'device-behaviour', 'quirk-profiles']

/** Takes pictures of pages, in light and in dark. */
async function take(home: House, pages: readonly ConsolePage[], kind = '', options: BrowserContextOptions = {}): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await home.browser.newContext({ ...usual, baseURL: home.server.origin, colorScheme, ...options })
    context.setDefaultTimeout(20_000)
    const page = await context.newPage()
    const shoot = async (name: string) => save([name, kind, colorScheme].filter(Boolean).join('-'), page)
    if (kind === '') {
      for (const { name, path } of publicPages) {
        await openSettled(page, path)
        await shoot(name)
      }
    }
    await signIn(page, firstUser(home.server))
    for (const { name, path } of pages) {
      await openSettled(page, path)
      await shoot(name)
    }
    if (kind === '') {
      await page.goto('/devices')
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.keyboard.press('Control+k')
      await page.getByRole('dialog').waitFor()
      await settle(page)
      await shoot('palette')
    }
    await context.close()
  }
}

async function save(name: string, page: Page): Promise<void> {
  writeFileSync(join(folder, `${name}.png`), withPalette(await page.screenshot({ animations: 'disabled', caret: 'hide' })))
}

describe('pictures for the documentation', () => {
  const full = house({ past: true, flags: ['--task-backoff', '1s'] })
  const bare = house()

  test('of every page, light and dark, full and empty, and some on a phone', async () => {
    mkdirSync(folder, { recursive: true })
    for (const old of readdirSync(folder).filter((name) => name.endsWith('.png'))) rmSync(join(folder, old))
    const { phones, devices } = await furnish(full, 30)
    try {
      const pages = [...generalPages, ...devicePages(devices[0]!.id)]
      await take(full, pages)
      await take(full, pages.filter(({ name }) => onPhones.includes(name)), 'phone', phone)
      await take(bare, generalPages.filter(({ name }) => empty.includes(name)), 'empty')
    } finally {
      await phones.stop()
    }
  }, 600_000)
})
