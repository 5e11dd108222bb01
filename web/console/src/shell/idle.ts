const latest = 2000
const withoutIdle = 200

/**
 * Does something when the browser has nothing to do, within two seconds at the latest; after a moment where it cannot
 * tell. It returns what calls that off.
 */
export function whenIdle(act: () => unknown): () => void {
  if (typeof window.requestIdleCallback !== 'function') {
    const timer = setTimeout(act, withoutIdle)
    return () => clearTimeout(timer)
  }
  const id = window.requestIdleCallback(() => void act(), { timeout: latest })
  return () => window.cancelIdleCallback(id)
}
