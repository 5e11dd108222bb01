import type { ReactNode } from 'react'
import type { Device, DeviceAlarm, DeviceState, ProvisioningState } from '@/api/types'
import { stateAt } from '@/devices/state'
import { Tags } from '@/devices/Tags'
import { DeviceMarks, DeviceStateSign, ProvisioningSign } from '@/parts/StateBadge'
import { local, relative } from '@/time/format'
import { parameterOf } from './columns'
import classes from './table.module.css'

/** What cells need to know beside the device. Texts are looked up once for all rows. */
export interface CellContext {
  now: number
  language: string
  never: string
  states: Record<DeviceState, string>
  provisioning: Record<ProvisioningState, string>
  quarantined: string
  /** How many alarms a device has, in words. */
  alarms: (count: number) => string
  /** What a kind of alarm is called. */
  alarm: (kind: DeviceAlarm['kind']) => string
  /** What the checkbox of a device says. */
  select: (name: string) => string
}

/** Columns whose text leads to the device: it has its own link, so that it opens in another tab, too. */
const identities = new Set(['serialNumber', 'mac', 'id'])

/** What a column shows of a device. What the device says is text and nothing else. */
export function cellOf(device: Device, column: string, context: CellContext): ReactNode {
  switch (column) {
    case 'state':
      return <StateCell device={device} context={context} />
    case 'alarms':
      return device.alarms?.map(({ kind }) => context.alarm(kind)).join(', ')
    case 'tags':
      return <Tags tags={device.tags} />
    case 'provisioning':
      return <ProvisioningSign state={device.provisioning.state} text={context.provisioning[device.provisioning.state]} />
    case 'lastFetch':
      return <ShortTime at={device.provisioning.lastFetch} context={context} />
    case 'lastInform':
    case 'firstSeen':
      return <ShortTime at={device[column]} context={context} />
  }
  const text = textOf(device, column)
  if (identities.has(column) && text !== '') return <DeviceLink id={device.id}>{text}</DeviceLink>
  return text
}

function textOf(device: Device, column: string): string {
  const parameter = parameterOf(column)
  if (parameter !== undefined) return device.indexed?.[parameter] ?? ''
  const value = (device as unknown as Record<string, unknown>)[column]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function StateCell({ device, context }: { device: Device; context: CellContext }) {
  const state = stateAt(device, context.now)
  const alarms = device.alarms?.length ?? 0
  return (
    <span className={classes.state}>
      <DeviceStateSign state={state} text={context.states[state]} />
      <DeviceMarks quarantined={device.quarantined ? context.quarantined : ''} alarms={alarms > 0 ? context.alarms(alarms) : ''} />
    </span>
  )
}

/**
 * The keyboard opens a row with Enter, so that its link is no stop of its own. It is a plain one, as there are
 * dozens: the row opens what a plain click on it asks for, and the browser the rest.
 */
export function DeviceLink({ id, children }: { id: string; children: ReactNode }) {
  return <a href={`/devices/${id}`} tabIndex={-1} className={classes.link}>{children}</a>
}

/** Lighter than a Moment: hundreds pass by while somebody scrolls. */
export function ShortTime({ at, context }: { at: string | null; context: CellContext }) {
  if (!at) return <span>{context.never}</span>
  const date = new Date(at)
  return <time dateTime={at} title={local(date, context.language)}>{relative(date, context.now, context.language)}</time>
}
