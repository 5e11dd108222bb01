import type { PageEntry } from './page'

const pause = 1200

/** Recognises two keys pressed one after the other. */
export class Sequences {
  private first = ''
  private since = 0

  constructor(private readonly pages: readonly PageEntry[]) {}

  /** Returns the page that the key completes a sequence for. */
  press(key: string, at: number): PageEntry | undefined {
    const sequence = at - this.since <= pause ? `${this.first} ${key}` : ''
    this.first = key
    this.since = at
    return this.pages.find((page) => page.shortcut === sequence)
  }
}

/** Reports whether a key pressed there is text. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select, [role="textbox"]'))
}
