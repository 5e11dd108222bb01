import { useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'

const longestWait = 3000

/** Moves the focus to the heading of a page that was just opened, as a browser would begin a new page at its top. */
export function useFocusOnNavigation() {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname })
  const before = useRef(path)
  useEffect(() => {
    const first = before.current === undefined
    const same = before.current === path
    before.current = path
    if (first || same) return
    const until = performance.now() + longestWait
    let frame = requestAnimationFrame(function look() {
      const heading = document.querySelector<HTMLElement>('main h1')
      if (heading) heading.focus()
      else if (performance.now() < until) frame = requestAnimationFrame(look)
      else document.querySelector('main')?.focus()
    })
    return () => cancelAnimationFrame(frame)
  }, [path])
}
