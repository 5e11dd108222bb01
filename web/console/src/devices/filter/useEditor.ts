import { useEffect, useState, type ComponentType } from 'react'
import { whenIdle } from '@/shell/idle'
import type { FilterInputProps } from './FilterEditor'

/** Loads the editor once the page stands and there is nothing else to do: until then the plain input does. */
export function useEditor() {
  const [loaded, setLoaded] = useState<{ Editor?: ComponentType<FilterInputProps>; hadFocus: boolean }>({ hadFocus: false })
  useEffect(() => {
    let gone = false
    const stop = whenIdle(() => import('./FilterEditor').then(
      ({ default: Editor }) => {
        if (!gone) setLoaded({ Editor, hadFocus: document.activeElement?.hasAttribute('data-filter-input') ?? false })
      },
      // Without the editor the plain input does.
      () => undefined,
    ))
    return () => {
      gone = true
      stop()
    }
  }, [])
  return loaded
}
