import type { Icon } from '@tabler/icons-react'
import type { QueryClient } from '@tanstack/react-query'
import type { FunctionComponent } from 'react'
import type { Me, Permission } from '@/api/types'

/** The parts of the navigation, in their order. */
export const sections = ['fleet', 'work', 'administration'] as const

export type Section = (typeof sections)[number]

/** Something that a search of the command palette found. */
export interface Found {
  id: string
  label: string
  description?: string
  /** The path to open. */
  to: string
  /** The parameters of its address. */
  search?: Record<string, string>
}

/** How many things of one page the command palette shows. */
export const mostFound = 6

/** What the command palette asks a page for. */
export interface Search {
  text: string
  signal: AbortSignal
  client: QueryClient
}

/** A page as pages/registry.tsx names it. */
export interface PageEntry {
  /** As the router writes it: /devices/$id. */
  path: string
  /** The key of its title among the texts. */
  title: string
  icon?: Icon
  /** Its part of the navigation; absent for a page that is reached from others. */
  section?: Section
  /** Two keys, one after the other: 'g d'. */
  shortcut?: string
  permission?: Permission
  /** The page is only for those who see every group. */
  wholeFleet?: boolean
  /** 'bare' pages have no navigation and need nobody signed in. */
  frame?: 'shell' | 'bare'
  load: () => Promise<{ default: FunctionComponent }>
  /** Most viewers open it: its code is loaded when there is nothing else to do. */
  likely?: boolean
  /** Asks for what the page shows first, given the parameters of its address; who is signed in may open it. */
  begin?: (client: QueryClient, search: Record<string, unknown>) => void
  /** Finds things of this page for the command palette. */
  find?: (search: Search) => Promise<Found[]>
}

/** Reports whether somebody may open the page. */
export function mayOpen(page: PageEntry, me: Me): boolean {
  return (!page.permission || me.permissions.includes(page.permission)) && (!page.wholeFleet || me.scope === '')
}

/** The pages that can be opened without saying of what: those of the navigation, and those with a shortcut. */
export function destinations(pages: readonly PageEntry[], me: Me): PageEntry[] {
  return pages.filter((page) => (page.section || page.shortcut) && !page.path.includes('$') && mayOpen(page, me))
}
