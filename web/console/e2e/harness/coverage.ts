import type { Page } from 'playwright-core'

/** What a viewer who scrolls through the list of devices got to see. Times are in milliseconds. */
export interface Coverage {
  /** How many times the table was looked at. */
  looks: number
  /** How many of them found a visible part of the table without rows, and the longest time that there may have been one. */
  gaps: number
  longestGap: number
  /** How many looks found the viewer at the end of what is loaded though there is more, and the longest such wait. */
  waits: number
  longestWait: number
  /** The time from each frame to the next. */
  frames: number[]
  /** The last row that was on the screen, from 1. */
  lastRow: number
}

/** Begins to look at the list of devices in every frame, and whenever it hears that it was scrolled. */
export async function watchCoverage(page: Page): Promise<void> {
  await page.evaluate(() => {
    const grid = document.querySelector<HTMLElement>('[role="grid"]')!
    const header = grid.querySelector('[role="columnheader"]')!.parentElement!
    const group = grid.querySelector('[role="rowgroup"]')!
    const seen: Coverage = { looks: 0, gaps: 0, longestGap: 0, waits: 0, longestWait: 0, frames: [], lastRow: 0 }
    const begun = performance.now()
    let full = begun
    let gap = false
    let free = begun
    let frame = begun
    const covered = () => {
      const bottom = Math.min(grid.getBoundingClientRect().bottom, group.getBoundingClientRect().bottom)
      let reached = header.getBoundingClientRect().bottom
      const rows = [...group.querySelectorAll('[role="row"]')].map((row) => ({ row, ...row.getBoundingClientRect().toJSON() as DOMRect }))
      for (const { row, top, bottom: end } of rows.sort((a, b) => a.top - b.top)) {
        if (end <= reached || top >= bottom) continue
        if (top > reached + 1) return false
        reached = end
        seen.lastRow = Math.max(seen.lastRow, Number(row.getAttribute('aria-rowindex')) - 1)
      }
      return reached >= bottom - 2
    }
    const look = () => {
      const now = performance.now()
      seen.looks++
      const whole = covered()
      // From the last look that found nothing lacking to the next: what was lacking may have been so in between.
      if (gap || !whole) seen.longestGap = Math.max(seen.longestGap, now - full)
      if (whole) full = now
      else seen.gaps++
      gap = !whole
      const more = seen.lastRow < Number(grid.getAttribute('aria-rowcount')) - 1
      const atEnd = grid.scrollTop + grid.clientHeight >= grid.scrollHeight - 1
      if (!atEnd || !more) free = now
      else {
        seen.waits++
        seen.longestWait = Math.max(seen.longestWait, now - free)
      }
    }
    // Heard before the table hears of it: these are the rows that were painted at the place scrolled to.
    window.addEventListener('scroll', look, true)
    requestAnimationFrame(function next(now) {
      seen.frames.push(now - frame)
      frame = now
      look()
      requestAnimationFrame(next)
    })
    ;(window as unknown as { dialtoneCoverage: Coverage }).dialtoneCoverage = seen
  })
}

/** Returns what was seen so far. */
export function coverageOf(page: Page): Promise<Coverage> {
  return page.evaluate(() => (window as unknown as { dialtoneCoverage: Coverage }).dialtoneCoverage)
}

const patience = 180_000

/** Turns the wheel over the list of devices at a speed, in pixels a second, until a row was on the screen. */
export async function wheelTo(page: Page, row: number, speed: number): Promise<Coverage> {
  await page.getByRole('grid', { name: 'Devices' }).hover()
  await watchCoverage(page)
  const begun = performance.now()
  let turned = 0
  for (;;) {
    // Each turn waits for a frame, so that the next is as large as the time that it took.
    const due = (performance.now() - begun) / 1000 * speed
    await page.mouse.wheel(0, due - turned)
    turned = due
    const seen = await page.evaluate(() => (window as unknown as { dialtoneCoverage: Coverage }).dialtoneCoverage.lastRow)
    if (seen >= row) return coverageOf(page)
    if (performance.now() - begun > patience) throw new Error(`row ${row} was not reached within ${patience} ms: row ${seen}`)
  }
}
