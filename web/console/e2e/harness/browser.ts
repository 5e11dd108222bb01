import { chromium as engine, type Browser, type BrowserContextOptions } from 'playwright-core'
import { chromium } from './environment.ts'

/** Starts the browser with a profile of its own. */
export function launch(): Promise<Browser> {
  return engine.launch({
    executablePath: chromium,
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic',
    ],
  })
}

/** What is the same in every context. */
export const usual: BrowserContextOptions = {
  viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'UTC', colorScheme: 'light', reducedMotion: 'reduce',
}
