import type { Locator, Page } from 'playwright-core'

/** Opens the palette by its key and types into it. */
export async function searchPalette(page: Page, text: string): Promise<Locator> {
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Search and commands' })
  const box = palette.getByRole('textbox')
  await box.waitFor()
  // Playwright types into what has the focus, which the palette takes once it is drawn.
  await page.waitForFunction(() => document.activeElement?.closest('[role="dialog"]') !== null)
  await page.keyboard.type(text)
  return palette
}
