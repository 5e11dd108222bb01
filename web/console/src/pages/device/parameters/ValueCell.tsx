import { ActionIcon, Loader, Switch, Tooltip } from '@mantine/core'
import { IconArrowBackUp, IconCheck, IconLock, IconPencil, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Parameter } from '@/api/types'
import { faultName } from '@/tasks/faults'
import { useDeviceScope } from '../context'
import { mayEdit } from './deeds'
import { useDrafts } from './drafts'
import { Marked } from './Marked'
import { nameOf } from './paths'
import type { SentState } from './sent'
import classes from './Tree.module.css'
import type { TreeRowProps } from './TreeRow'
import { ValueEditor } from './ValueEditor'
import { booleanText, isBoolean, isTrue } from './values'

interface ValueCellProps extends TreeRowProps {
  parameter: Parameter
  /** The tabIndex of what is in the line. */
  tab: number
}

/** The value of a parameter: as it is, as it is being changed, and how what was sent stands. */
export function ValueCell({ parameter, mayWrite, editing, sent, found, tab, onEdit, onStopEditing }: ValueCellProps) {
  const { t } = useTranslation()
  const { drafts, put, drop } = useDrafts()
  const { path } = parameter
  const name = nameOf(path)
  const draft = drafts.get(path)
  const editable = mayWrite && mayEdit(parameter)
  const secret = parameter.secret === true
  const shown = draft?.value ?? parameter.value
  const enter = (value: string) => put({ path, value, old: parameter.value, secret })
  const undo = draft && (
    <Tooltip label={t('parameters.undo')}>
      <ActionIcon size="sm" tabIndex={tab} aria-label={t('parameters.undoOf', { name })} onClick={() => drop(path)}><IconArrowBackUp size={16} aria-hidden /></ActionIcon>
    </Tooltip>
  )
  if (editing && editable) return <ValueEditor parameter={parameter} first={draft?.value ?? parameter.value ?? ''} onEnter={enter} onClose={onStopEditing} />
  if (editable && isBoolean(parameter.type)) {
    return (
      <>
        <Switch size="xs" tabIndex={tab} checked={isTrue(shown)} aria-label={name} onChange={(event) => enter(booleanText(event.currentTarget.checked, parameter.value))} label={shown ?? '–'} />
        {draft && <span className={classes.draft}>{t('parameters.changed')}</span>}
        {undo}
        <Sent sent={sent} />
      </>
    )
  }
  return (
    <>
      {/* The pencil is there for the keyboard. */}
      <span className={classes.text} title={secret ? undefined : shown ?? undefined} data-draft={draft !== undefined || undefined} onDoubleClick={() => editable && onEdit(path)}>
        {secret ? <><IconLock size={14} aria-hidden /> {t(draft ? 'parameters.newSecret' : 'parameters.secret')}</>
          : shown === null ? <span className={classes.unknown}>{t('parameters.unknown')}</span>
            : shown === '' ? <span className={classes.unknown}>{t('parameters.emptyValue')}</span>
              : <Marked text={shown} wanted={draft ? '' : found} />}
      </span>
      {draft && <span className={classes.draft}>{t('parameters.changed')}</span>}
      {undo}
      <Sent sent={sent} />
      {editable && <ActionIcon size="sm" className={classes.pencil} tabIndex={tab} aria-label={t('parameters.editOf', { name })} onClick={() => onEdit(path)}><IconPencil size={16} aria-hidden /></ActionIcon>}
    </>
  )
}

/** How a value that was sent stands. */
function Sent({ sent }: { sent: SentState | undefined }) {
  const { t } = useTranslation()
  const { openTask } = useDeviceScope()
  if (!sent) return null
  if (sent.state === 'pending') return <span className={classes.pending}><Loader size={12} aria-hidden /> {t('parameters.pending')}</span>
  if (sent.state === 'taken') return <span className={classes.taken}><IconCheck size={14} aria-hidden /> {t(sent.later ? 'parameters.takenLater' : 'parameters.taken')}</span>
  const about = sent.own ?? sent.fault
  const why = !sent.own && sent.fault && sent.fault.parameters.length > 0 ? t('parameters.othersRefused')
    : about ? `${t(`task.fault.${faultName(about)}.meaning`)}${about.code ? ` (${about.code})` : ''}${about.string ? `: ${about.string}` : ''}` : t('parameters.refused')
  return (
    <Tooltip label={why} multiline maw={360} events={{ hover: true, focus: true, touch: true }}>
      <button type="button" className={classes.refused} onClick={() => openTask(sent.task)}><IconX size={14} aria-hidden /> {why}</button>
    </Tooltip>
  )
}
