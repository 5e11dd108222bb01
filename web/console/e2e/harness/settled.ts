import type { Page } from 'playwright-core'

/** Opens a path and waits until the page shows what it shows and asks for nothing more. */
export async function openSettled(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await settle(page)
}

/**
 * Waits until nothing is loading and the page stayed as it is for a moment. The stream of events never ends, so
 * that the network is never idle.
 */
export async function settle(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const state = window as unknown as { settledText?: string; settledSince?: number }
    const text = document.body.innerText
    const busy = document.querySelector('[aria-busy="true"], [role="progressbar"]:not([aria-valuenow])') !== null
    if (busy || text !== state.settledText) {
      state.settledText = text
      state.settledSince = performance.now()
    }
    return performance.now() - (state.settledSince ?? performance.now()) > 350
  }, undefined, { polling: 100, timeout: 15_000 })
}
