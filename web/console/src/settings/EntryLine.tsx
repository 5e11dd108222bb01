import { ActionIcon, Badge, Button, Group, Text, Tooltip } from '@mantine/core'
import { IconArrowBackUp, IconFilterPlus, IconLock, IconLockOpen, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDesk, type Known } from './desk'
import { isLimited, says, type ShownEntry } from './draft'
import { LimitDialog } from './LimitDialog'
import { isShared, type Setting } from './model'
import classes from './settings.module.css'
import { mask, useValueText } from './words'
import { ValueInput } from './ValueInput'

interface EntryLineProps {
  setting: Setting
  entry: ShownEntry
  known: Known | undefined
  readOnly: boolean
  fault: string | undefined
}

/** One entry of the level for a setting: its value, whom it is for, and whether it is locked. */
export function EntryLine({ setting, entry, known, readOnly, fault }: EntryLineProps) {
  const { t } = useTranslation()
  const { put } = useDesk()
  const label = isLimited(entry) ? t('settings.limitedField', { title: setting.title, limit: limitOf(entry) }) : setting.title
  return (
    <div className={`${classes.entry} ${entry.change ? classes.changed : ''}`}>
      <div className={classes.value}>
        {isLimited(entry) && <Limit entry={entry} />}
        {entry.change === 'gone' ? <Gone entry={entry} /> : <Field setting={setting} entry={entry} known={known} label={label} readOnly={readOnly} fault={fault} />}
        {entry.change === 'gone' && fault && <Text size="xs" c="red">{fault}</Text>}
        {setting.secret && !readOnly && !entry.generate && entry.change !== 'gone' && (
          <Button size="compact-xs" variant="default" mt={4} onClick={() => put({ entry: bare(entry, { generate: true, value: null, secret: true }), gone: false, given: true })} aria-label={t('settings.generateOne', { title: label })}>{t('settings.generate')}</Button>
        )}
      </div>
      {(!readOnly || says(entry)) && <Tools setting={setting} entry={entry} label={label} readOnly={readOnly} />}
    </div>
  )
}

/** An entry as the draft keeps it. */
function bare({ path, value, secret, generate, models, filter, locked }: ShownEntry, change: Partial<ShownEntry> = {}) {
  return { path, value, secret, generate, models, filter, locked, ...change }
}

function Field({ setting, entry, known, label, readOnly, fault }: EntryLineProps & { label: string }) {
  const { t } = useTranslation()
  const { put, drop } = useDesk()
  const valueText = useValueText()
  const kept = entry.secret ? (entry.generate ? t('settings.generated') : mask) : undefined
  const inherited = known && !says(entry) ? valueText(known.value, known.secret) : undefined
  const changed = (value: unknown) => {
    // An emptied secret is the one that the server keeps.
    if (setting.secret && value === null) drop(entry.key)
    else put({ entry: bare(entry, { value, secret: false, generate: false }), gone: false, given: true })
  }
  return <ValueInput setting={setting} label={label} value={entry.secret ? null : entry.value} placeholder={kept ?? inherited} readOnly={readOnly} error={fault} onChange={changed} />
}

function Gone({ entry }: { entry: ShownEntry }) {
  const { t } = useTranslation()
  const valueText = useValueText()
  return <Text size="sm"><span className={classes.gone}>{valueText(entry.value, entry.secret)}</span> <Text span size="xs" c="dimmed">{t('settings.goes')}</Text></Text>
}

function limitOf({ models, filter }: ShownEntry): string {
  return [models.join(', '), filter].filter(Boolean).join(' · ')
}

function Limit({ entry: { models, filter } }: { entry: ShownEntry }) {
  const { t } = useTranslation()
  return (
    <Group gap={4} mb={2}>
      <Text size="xs" c="dimmed">{t('settings.onlyFor')}</Text>
      {models.map((model) => <Badge key={model} variant="outline" color="gray" size="sm">{model}</Badge>)}
      {filter && <Badge variant="outline" color="gray" size="sm" ff="monospace">{filter}</Badge>}
    </Group>
  )
}

function Tools({ setting, entry, label, readOnly }: Pick<EntryLineProps, 'setting' | 'entry' | 'readOnly'> & { label: string }) {
  const { t } = useTranslation()
  const { level, draft, put, drop, may } = useDesk()
  const [limiting, setLimiting] = useState(false)
  const change = draft.get(entry.key)
  const lock = (locked: boolean) => put({ entry: bare(entry, { locked }), gone: false, given: change?.given ?? false })
  const tool = (text: string, Sign: typeof IconLock, act: () => void, pressed?: boolean) => (
    <Tooltip label={text}><ActionIcon aria-label={text} aria-pressed={pressed} variant={pressed ? 'light' : 'subtle'} color={pressed ? 'yellow' : 'gray'} onClick={act}><Sign size={16} aria-hidden color={pressed ? 'var(--dialtone-warn)' : undefined} /></ActionIcon></Tooltip>
  )
  const here = says(entry) && entry.change !== 'gone'
  const stays = readOnly || !may
  if (stays && entry.locked) return <Tooltip label={t('settings.lockedHere')}><span role="img" aria-label={t('settings.lockedHere')}><IconLock size={16} color="var(--dialtone-warn)" /></span></Tooltip>
  return (
    <Group gap={0} wrap="nowrap">
      {here && !stays && level.kind !== 'user' && tool(t('settings.lockOne', { title: label }), entry.locked ? IconLock : IconLockOpen, () => lock(!entry.locked), entry.locked)}
      {isShared(level) && !stays && !isLimited(entry) && tool(t('settings.limitOne', { title: label }), IconFilterPlus, () => setLimiting(true))}
      {here && may && tool(t('settings.unsetOne', { title: label }), IconTrash, () => put({ entry: bare(entry), gone: true, given: false }))}
      {entry.change && entry.change !== 'new' && tool(t('settings.undoOne', { title: label }), IconArrowBackUp, () => drop(entry.key))}
      {limiting && <LimitDialog setting={setting} path={entry.path} onClose={() => setLimiting(false)} />}
    </Group>
  )
}
