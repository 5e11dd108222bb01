import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import type { DeviceSession, Task } from '@/api/types'
import { useLiveChanges } from '@/live/LiveProvider'
import { isOpen } from '@/tasks/kinds'
import { affected } from './affected'
import type { Book } from './book'

interface Shelf {
  book: Book
  /** The objects that are open; undefined before the first look. */
  open: ReadonlySet<string> | undefined
  setOpen: (open: ReadonlySet<string>) => void
  /** The phone reported changes by itself since the tree was read. */
  stale: boolean
  setStale: (stale: boolean) => void
}

const BookContext = createContext<Shelf | null>(null)

/** Keeps what was read of the tree, and reads anew what tasks of the device touch, whoever queued them. */
export function BookProvider({ book, device, children }: { book: Book; device: string; children: ReactNode }) {
  const [open, setOpen] = useState<ReadonlySet<string>>()
  const [stale, setStale] = useState(false)
  const [handled] = useState(() => new Set<string>())
  useLiveChanges('task', (changes) => {
    if (!book.scan('')) return
    for (const { now } of changes) {
      const task = now as Task | undefined
      if (task?.device !== device || isOpen(task.state) || handled.has(task.id)) continue
      handled.add(task.id)
      for (const path of affected(task)) void book.reload(path)
    }
  })
  useLiveChanges('session', (changes) => {
    const told = changes.some(({ now }) => {
      const session = now as DeviceSession | undefined
      return session?.device === device && session.events.includes('4 VALUE CHANGE')
    })
    if (told && book.scan('')) setStale(true)
  })
  return <BookContext value={{ book, open, setOpen, stale, setStale }}>{children}</BookContext>
}

/** The tree of the device that the page shows. The part is drawn anew whenever more of it is known. */
export function useBook(): Shelf & { version: number } {
  const shelf = use(BookContext)
  if (!shelf) throw new Error('a tree is shown without its device')
  const version = useSyncExternalStore(shelf.book.subscribe, shelf.book.snapshot)
  const { book } = shelf
  useEffect(() => void book.ensure(''), [book])
  return { ...shelf, version }
}
