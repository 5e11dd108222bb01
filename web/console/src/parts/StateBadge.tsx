import {
  IconBan, IconBellExclamation, IconCircleCheck, IconCircleDashed, IconCircleX, IconClock, IconClockPause, IconClockX, IconFileAlert, IconFileCheck, IconFileDiff, IconFileDots, IconFileOff, IconLoader, IconPlugConnected,
  IconPlugConnectedX, IconShieldQuestion, type Icon,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { DeviceState, ProvisioningState, TaskState } from '@/api/types'
import classes from './parts.module.css'

type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'quiet'

const devices: Record<DeviceState, [Icon, Tone]> = {
  online: [IconPlugConnected, 'good'],
  late: [IconClock, 'warn'],
  offline: [IconPlugConnectedX, 'bad'],
  never: [IconCircleDashed, 'quiet'],
}

const tasks: Record<TaskState, [Icon, Tone]> = {
  queued: [IconClockPause, 'quiet'],
  running: [IconLoader, 'busy'],
  waiting: [IconClock, 'busy'],
  succeeded: [IconCircleCheck, 'good'],
  failed: [IconCircleX, 'bad'],
  expired: [IconClockX, 'warn'],
  cancelled: [IconBan, 'quiet'],
}

const provisioning: Record<ProvisioningState, [Icon, Tone]> = {
  none: [IconFileOff, 'quiet'],
  pending: [IconFileDots, 'busy'],
  converged: [IconFileCheck, 'good'],
  drifted: [IconFileDiff, 'warn'],
  failing: [IconFileAlert, 'bad'],
}

/** How a device stands with the server: a sign, a word and a colour. */
export function DeviceStateBadge({ state }: { state: DeviceState }) {
  const { t } = useTranslation()
  return <DeviceStateSign state={state} text={t(`state.device.${state}`)} />
}

/** The same where the word is at hand: a table has the badge in every row. */
export function DeviceStateSign({ state, text }: { state: DeviceState; text: string }) {
  const [sign, tone] = devices[state]
  return <Badge sign={sign} tone={tone} text={text} />
}

/** Whether a device waits for approval and what alarms it has: signs with words for those who point at them or listen. */
export function DeviceMarks({ quarantined, alarms }: { quarantined: string; alarms: string }) {
  return (
    <>
      {quarantined && <Mark sign={IconShieldQuestion} tone="bad" text={quarantined} />}
      {alarms && <Mark sign={IconBellExclamation} tone="warn" text={alarms} />}
    </>
  )
}

function Mark({ sign: Sign, tone, text }: { sign: Icon; tone: Tone; text: string }) {
  return <span role="img" aria-label={text} title={text} className={classes.state} style={{ '--state-color': `var(--dialtone-${tone})` } as React.CSSProperties}><Sign size={16} stroke={2} aria-hidden /></span>
}

/** Whether a device holds what was declared for it: a sign, a word and a colour. */
export function ProvisioningBadge({ state }: { state: ProvisioningState }) {
  const { t } = useTranslation()
  return <ProvisioningSign state={state} text={t(`provisioning.state.${state}`)} />
}

/** The same where the word is at hand. */
export function ProvisioningSign({ state, text }: { state: ProvisioningState; text: string }) {
  const [sign, tone] = provisioning[state] ?? provisioning.none
  return <Badge sign={sign} tone={tone} text={text} />
}

/** The state of a task: a sign, a word and a colour. */
export function TaskStateBadge({ state }: { state: TaskState }) {
  const { t } = useTranslation()
  const [sign, tone] = tasks[state]
  return <Badge sign={sign} tone={tone} text={t(`state.task.${state}`)} />
}

function Badge({ sign: Sign, tone, text }: { sign: Icon; tone: Tone; text: string }) {
  return (
    <span className={classes.state} style={{ '--state-color': `var(--dialtone-${tone})` } as React.CSSProperties}>
      <Sign size={16} stroke={2} aria-hidden />
      {text}
    </span>
  )
}
