import { useEffect, useState, type ComponentType } from 'react'
import type { FilterInputProps } from './FilterEditor'

/** Loads the editor at once, before somebody types: until it is there the plain input does. */
export function useEditor() {
  const [loaded, setLoaded] = useState<{ Editor?: ComponentType<FilterInputProps>; hadFocus: boolean }>({ hadFocus: false })
  useEffect(() => {
    let gone = false
    void import('./FilterEditor').then(
      ({ default: Editor }) => {
        if (!gone) setLoaded({ Editor, hadFocus: document.activeElement?.hasAttribute('data-filter-input') ?? false })
      },
      // Without the editor the plain input does.
      () => undefined,
    )
    return () => {
      gone = true
    }
  }, [])
  return loaded
}
