import type { KeyboardEvent } from 'react'

/** Moves through a tree by keys as WAI-ARIA describes it; toggle opens or closes a branch. */
export function moveInTree(event: KeyboardEvent<HTMLElement>, toggle: (path: string, open: boolean) => void) {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const here = (event.target as HTMLElement).closest<HTMLElement>('[role="treeitem"]')
  if (!here) return
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="treeitem"]')]
  const at = items.indexOf(here)
  const path = here.dataset.path ?? ''
  const expanded = here.getAttribute('aria-expanded')
  const to = (item: HTMLElement | null | undefined) => item?.focus()
  const deeds: Record<string, () => void> = {
    ArrowDown: () => to(items[at + 1]),
    ArrowUp: () => to(items[at - 1]),
    Home: () => to(items[0]),
    End: () => to(items.at(-1)),
    ArrowRight: () => (expanded === 'false' ? toggle(path, true) : expanded === 'true' && to(here.querySelector<HTMLElement>('[role="treeitem"]'))),
    ArrowLeft: () => (expanded === 'true' ? toggle(path, false) : to(here.parentElement?.closest<HTMLElement>('[role="treeitem"]'))),
  }
  const deed = deeds[event.key]
  if (!deed) return
  event.preventDefault()
  event.stopPropagation()
  deed()
}
