import { useEffect } from 'react'
import { useMe } from '@/auth/me'
import { pages } from '@/pages/registry'
import { whenIdle } from './idle'
import { mayOpen } from './page'

/** Loads the code of the pages that the viewer is likely to open next, once the browser has nothing to do. */
export function useLikelyPages() {
  const me = useMe()
  useEffect(() => whenIdle(() => {
    for (const page of pages) {
      // A page whose code does not come says so when it is opened.
      if (page.likely && mayOpen(page, me)) page.load().catch(() => undefined)
    }
  }), [me])
}
