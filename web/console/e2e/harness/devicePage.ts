import type { Page } from 'playwright-core'
import type { Device } from './api.ts'

/** Opens a part of the page of a device. */
export async function openDevice(page: Page, device: Device, tab = 'overview', search: Record<string, string> = {}): Promise<void> {
  await page.goto(`/devices/${device.id}?${new URLSearchParams({ tab, ...search })}`)
  await page.getByRole('heading', { level: 1, name: device.serialNumber }).waitFor()
}

/** Chooses an item of the menu of what can be done to the device. */
export async function chooseDeed(page: Page, deed: string): Promise<void> {
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: deed }).click()
}
