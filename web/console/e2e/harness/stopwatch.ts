import type { Page } from 'playwright-core'

/** What has to be on the page for the stopwatch to stop. */
export interface Shown {
  /** Finds the element. */
  selector: string
  /** What it says, among other things; anything if absent. */
  text?: string
}

/** What starts the stopwatch. */
export type Start = 'click' | 'Enter'

const patience = 15_000

/**
 * Returns how many milliseconds pass in the page from a click or from Enter, which act does, until something is
 * painted. The way from here to the browser does not count.
 */
export async function timed(page: Page, start: Start, shown: Shown, act: () => Promise<void>): Promise<number> {
  await page.evaluate(({ start, shown, patience }) => {
    const state = window as unknown as { dialtoneTook?: Promise<number> }
    const there = () => {
      const element = document.querySelector(shown.selector)
      return element !== null && (shown.text === undefined || element.textContent.includes(shown.text))
    }
    state.dialtoneTook = new Promise((resolve) => {
      const type = start === 'click' ? 'click' : 'keydown'
      const begin = (event: Event) => {
        if (start === 'Enter' && (event as KeyboardEvent).key !== 'Enter') return
        window.removeEventListener(type, begin, true)
        const look = () => {
          const late = performance.now() - event.timeStamp > patience
          if (!late && !there()) return void requestAnimationFrame(look)
          // A message comes after the frame is painted.
          const painted = new MessageChannel()
          painted.port1.onmessage = () => resolve(late ? NaN : performance.now() - event.timeStamp)
          painted.port2.postMessage(undefined)
        }
        requestAnimationFrame(look)
      }
      window.addEventListener(type, begin, true)
    })
  }, { start, shown, patience })
  await act()
  const took = await page.evaluate(() => (window as unknown as { dialtoneTook: Promise<number> }).dialtoneTook)
  if (Number.isNaN(took)) throw new Error(`not shown within ${patience} ms: ${shown.selector} ${shown.text ?? ''}`)
  return took
}
