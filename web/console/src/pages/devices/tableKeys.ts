/** What a key does in the table. */
export type TableCommand =
  | { do: 'move'; by: number; extend: boolean }
  | { do: 'to'; end: 'first' | 'last'; extend: boolean }
  | { do: 'open' | 'select' | 'selectLoaded' | 'clear' | 'search' }

interface Key {
  key: string
  shiftKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
}

/** The keys that work anywhere on the page, while nobody types: letters and the slash. */
export function pageCommand(event: Key): TableCommand | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined
  switch (event.key) {
    case 'j':
    case 'J':
      return { do: 'move', by: 1, extend: event.shiftKey }
    case 'k':
    case 'K':
      return { do: 'move', by: -1, extend: event.shiftKey }
    case 'x':
      return { do: 'select' }
    case '/':
      return { do: 'search' }
  }
  return undefined
}

/** The keys that work while the table has the focus; page is how many rows fit on it. */
export function gridCommand(event: Key, page: number): TableCommand | undefined {
  if (event.altKey) return undefined
  const extend = event.shiftKey
  if (event.ctrlKey || event.metaKey) return event.key === 'a' ? { do: 'selectLoaded' } : undefined
  switch (event.key) {
    case 'ArrowDown':
      return { do: 'move', by: 1, extend }
    case 'ArrowUp':
      return { do: 'move', by: -1, extend }
    case 'PageDown':
      return { do: 'move', by: page, extend }
    case 'PageUp':
      return { do: 'move', by: -page, extend }
    case 'Home':
      return { do: 'to', end: 'first', extend }
    case 'End':
      return { do: 'to', end: 'last', extend }
    case 'Enter':
      return { do: 'open' }
    case ' ':
      return { do: 'select' }
    case 'Escape':
      return { do: 'clear' }
  }
  return undefined
}
