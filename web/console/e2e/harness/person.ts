import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Locator, Page } from 'playwright-core'

/** Milliseconds that somebody takes who knows keyboards but not this console. */
const pace = { key: 120, aim: 800 }

/** What a task took somebody. */
export interface Effort {
  clicks: number
  keys: number
  /** From the beginning until the wanted thing is on the screen. */
  seconds: number
}

/** Does tasks in a page as somebody at a desk does, and counts what they take. Use begin first. */
export class Person {
  private clicks = 0
  private keys = 0
  private begun = 0
  /** Time that no person spends: that of taking pictures. */
  private beside = 0
  private pictures = 0
  private name = ''

  /** Pictures of what is seen before each click go to the folder, if one is named. */
  constructor(readonly page: Page, private readonly folder = process.env.DIALTONE_TASKS_PICTURES ?? '') {
    if (folder) mkdirSync(folder, { recursive: true })
  }

  /** Starts the clock of a task. */
  begin(name: string): void {
    Object.assign(this, { clicks: 0, keys: 0, beside: 0, pictures: 0, name, begun: performance.now() })
  }

  /** Stops the clock: what was wanted is on the screen. */
  async done(seen: Locator, within = 60_000): Promise<Effort> {
    await seen.first().waitFor({ timeout: within })
    const seconds = (performance.now() - this.begun - this.beside) / 1000
    await this.picture()
    return { clicks: this.clicks, keys: this.keys, seconds }
  }

  /** Waits for something, reads, turns the wheel if it is not in sight, aims and clicks. */
  async click(what: Locator, within = 60_000): Promise<void> {
    await what.waitFor({ timeout: within })
    await this.lookFor(what)
    await pause(pace.aim)
    await this.picture()
    await what.click()
    this.clicks++
  }

  /** Types where the cursor is. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: pace.key })
    this.keys += [...text].length
  }

  /** Presses a key, or several at once such as Control+k, which count as one. */
  async press(key: string): Promise<void> {
    await pause(pace.key)
    await this.page.keyboard.press(key)
    this.keys++
  }

  /** Reads what came before going on. */
  async read(what: Locator, within = 60_000): Promise<void> {
    await what.first().waitFor({ timeout: within })
    await pause(pace.aim)
    await this.picture()
  }

  /** Counts clicks in windows that are not of the page, such as that of the system that opens files. */
  async elsewhere(clicks: number): Promise<void> {
    await pause(clicks * pace.aim)
    this.clicks += clicks
  }

  private async lookFor(what: Locator): Promise<void> {
    const box = await what.boundingBox()
    const size = this.page.viewportSize()
    if (!box || !size || (box.y >= 0 && box.y + box.height <= size.height)) return
    await pause(pace.aim)
    await what.scrollIntoViewIfNeeded()
  }

  private async picture(): Promise<void> {
    if (!this.folder) return
    const since = performance.now()
    await this.page.screenshot({ path: join(this.folder, `${this.name}-${String(++this.pictures).padStart(2, '0')}.png`) })
    this.beside += performance.now() - since
  }
}
