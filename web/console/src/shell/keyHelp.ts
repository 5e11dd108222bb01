/** Keys that do something in a part of the console, beyond those that open pages. */
export interface KeyHelp {
  /** The key of the part's name among the texts. */
  title: string
  rows: readonly {
    /** Each does the same; those of one text joined by + are pressed together. */
    keys: readonly string[]
    /** The key of what they do among the texts. */
    does: string
  }[]
}

/** What the list of shortcuts says of the parts that have keys of their own. */
export const keyHelp: readonly KeyHelp[] = [
  {
    title: 'shortcuts.devices.title',
    rows: [
      { keys: ['/'], does: 'shortcuts.devices.search' },
      { keys: ['j', 'k'], does: 'shortcuts.devices.move' },
      { keys: ['Shift+J', 'Shift+K'], does: 'shortcuts.devices.extend' },
      { keys: ['x'], does: 'shortcuts.devices.select' },
      { keys: ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End'], does: 'shortcuts.devices.moveInTable' },
      { keys: [' '], does: 'shortcuts.devices.select' },
      { keys: ['Ctrl+a'], does: 'shortcuts.devices.selectLoaded' },
      { keys: ['Escape'], does: 'shortcuts.devices.clear' },
      { keys: ['Enter'], does: 'shortcuts.devices.open' },
    ],
  },
  {
    title: 'shortcuts.parameters.title',
    rows: [
      { keys: ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End'], does: 'shortcuts.parameters.move' },
      { keys: ['ArrowRight', 'ArrowLeft'], does: 'shortcuts.parameters.fold' },
      { keys: ['Enter'], does: 'shortcuts.parameters.edit' },
      { keys: ['c'], does: 'shortcuts.parameters.copy' },
      { keys: ['r'], does: 'shortcuts.parameters.refresh' },
      { keys: ['m'], does: 'shortcuts.parameters.menu' },
      { keys: ['Delete'], does: 'shortcuts.parameters.delete' },
    ],
  },
  {
    title: 'shortcuts.tables.title',
    rows: [
      { keys: ['ArrowDown', 'ArrowUp', 'j', 'k'], does: 'shortcuts.tables.move' },
      { keys: ['Enter'], does: 'shortcuts.tables.open' },
    ],
  },
  {
    title: 'shortcuts.groups.title',
    rows: [
      { keys: ['ArrowDown', 'ArrowUp', 'Home', 'End'], does: 'shortcuts.groups.move' },
      { keys: ['ArrowRight', 'ArrowLeft'], does: 'shortcuts.groups.fold' },
    ],
  },
]

/** What is written on keys everywhere. */
const signs: Record<string, string> = { ArrowDown: '↓', ArrowUp: '↑', ArrowLeft: '←', ArrowRight: '→' }

/** The keys whose names differ by language, by their key among the texts. */
const named: Record<string, string> = {
  ' ': 'space', PageDown: 'pageDown', PageUp: 'pageUp', Home: 'home', End: 'end', Escape: 'escape', Delete: 'delete', Enter: 'enter', Ctrl: 'control', Shift: 'shift',
}

/** What is written on a key; translate is given the keys of texts. */
export function keyName(key: string, translate: (text: string) => string): string {
  return named[key] ? translate(`shortcuts.key.${named[key]}`) : signs[key] ?? key
}
