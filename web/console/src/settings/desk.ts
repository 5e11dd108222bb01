import { createContext, use } from 'react'
import type { FieldError } from '@/api/types'
import type { Change, Draft } from './draft'
import type { Catalogue, Entry, InForce, LevelName } from './model'

/** What is known of a setting beside what the level itself declares: what is in force on the device, or what a group inherits. */
export type Known = Pick<InForce, 'value' | 'secret' | 'origin' | 'lockedBy'> & Partial<Pick<InForce, 'overrode'>>

/** A level while somebody looks at it and changes it. */
export interface Desk {
  level: LevelName
  catalogue: Catalogue
  /** What is declared at the level. */
  entries: readonly Entry[]
  draft: Draft
  /** What the server found wrong with the draft. */
  faults: readonly FieldError[]
  /** The viewer may change it. */
  may: boolean
  /** The device that the level is for; undefined for a level of many. */
  device?: string
  put: (change: Change) => void
  drop: (key: string) => void
  known: (path: string) => Known | undefined
}

const DeskContext = createContext<Desk | null>(null)

export const DeskProvider = DeskContext

/** The level that the part of the editor stands on. */
export function useDesk(): Desk {
  const desk = use(DeskContext)
  if (!desk) throw new Error('a setting is shown outside of the editor')
  return desk
}

/** What the server found wrong with the setting of a path: body.set[account.1.port].value. */
export function faultOf(faults: readonly FieldError[], path: string): string | undefined {
  const found = faults.filter(({ location }) => location.startsWith(`body.set[${path}].`)).map(({ message }) => message)
  return found.length > 0 ? found.join('; ') : undefined
}

/** What it found wrong with no setting in particular. */
export function otherFaults(faults: readonly FieldError[], paths: ReadonlySet<string>): FieldError[] {
  return faults.filter(({ location }) => {
    const path = /^body\.set\[(.+)\]\./.exec(location)?.[1]
    return !path || !paths.has(path)
  })
}
