import type { Locator, Page } from 'playwright-core'

/** The box that takes words and filters. */
export function searchBox(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Search devices' })
}

/** Types over what is in the box, as people do, and applies it. */
export async function search(page: Page, text: string): Promise<void> {
  await searchBox(page).focus()
  await page.keyboard.press('Control+a')
  if (text === '') await page.keyboard.press('Delete')
  else await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}

/** The row of a device in the list. */
export function deviceRow(page: Page, serialNumber: string): Locator {
  return page.getByRole('grid', { name: 'Devices' }).getByRole('row').filter({ hasText: serialNumber })
}

/** Opens the list of devices with a filter. */
export async function openDevices(page: Page, filter = ''): Promise<void> {
  await page.goto(`/devices${filter && `?filter=${encodeURIComponent(filter)}`}`)
  await page.getByRole('heading', { level: 1, name: 'Devices' }).waitFor()
}

/** Chooses an item of the menu that acts on the selected devices. */
export async function actOnSelection(page: Page, action: string): Promise<void> {
  await page.getByRole('button', { name: 'Actions', exact: true }).click()
  await page.getByRole('menuitem', { name: action }).click()
}
