import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, test } from 'vitest'
import type { Api } from './api.ts'
import { launch, usual } from './browser.ts'
import { Server, type ServerOptions } from './server.ts'
import { Watch } from './watch.ts'

/** A server and a browser for the tests of one file. */
export interface House {
  server: Server
  /** May do everything. */
  admin: Api
  browser: Browser
}

/** Starts what the tests of a file need before them, and ends it after them. */
export function house(options: ServerOptions = {}): House {
  const made = {} as House
  beforeAll(async () => {
    made.server = await Server.start(options)
    made.admin = await made.server.client()
    made.browser = await launch()
  }, 180_000)
  afterAll(async () => {
    await made.browser?.close()
    await made.server?.stop()
  }, 60_000)
  return made
}

interface BrowseOptions extends BrowserContextOptions {
  /** What the server is expected to refuse, such as /^403 /; see Watch. */
  refusals?: RegExp[]
  /** Nothing is recorded for when it fails: recording takes time, and memory that grows. */
  untraced?: boolean
}

/** Opens a page in a browser profile of its own. */
export type Browse = (options?: BrowseOptions) => Promise<Page>

interface Visit { context: BrowserContext; page: Page; watch: Watch }

/** A test with a browser that is watched: it fails if a page does what it may not. */
export function scenario(name: string, home: House, run: (browse: Browse) => Promise<void>, timeout = 60_000): void {
  test(name, async () => {
    const visits: Visit[] = []
    try {
      await run(async (options) => {
        const visit = await open(home, options)
        visits.push(visit)
        return visit.page
      })
      visits.forEach(({ watch }) => watch.check())
    } catch (thrown) {
      console.log(`${name}: ${await keep(name, visits)}`)
      throw thrown
    } finally {
      await Promise.all(visits.map(({ context }) => context.close()))
    }
  }, timeout)
}

async function open({ browser, server }: House, { refusals = [], untraced = false, ...options }: BrowseOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ ...usual, baseURL: server.origin, ...options })
  context.setDefaultTimeout(15_000)
  const watch = await Watch.over(context, server.origin, refusals)
  if (!untraced) await context.tracing.start({ snapshots: true })
  return { context, page: await context.newPage(), watch }
}

/** Keeps a picture, the content and a trace of every page, and says where. */
async function keep(name: string, visits: Visit[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dialtone-e2e-failure-'))
  for (const [i, { context, page }] of visits.entries()) {
    await context.tracing.stop({ path: join(folder, `${i}.trace.zip`) }).catch(() => undefined)
    await page.screenshot({ path: join(folder, `${i}.png`) }).catch(() => undefined)
    await writeFile(join(folder, `${i}.txt`), `${name}\n${page.url()}\n${await page.locator('body').ariaSnapshot().catch(String)}`)
  }
  return `pictures and traces are in ${folder}`
}
