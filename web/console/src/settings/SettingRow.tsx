import { Button, Code, Text } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { faultOf, useDesk } from './desk'
import { blank, entriesFor, isLimited, keyOf, type ShownEntry } from './draft'
import { EntryLine } from './EntryLine'
import { InForceText } from './InForceText'
import { lockAbove } from './inherit'
import type { LevelName, Setting } from './model'
import { RevealSetting } from './RevealSetting'
import classes from './settings.module.css'
import { useLevelText } from './words'

interface SettingRowProps {
  setting: Setting
  /** The path with its indexes. */
  path: string
}

/** One setting: what the level says of it, and what holds beside. */
export function SettingRow({ setting, path }: SettingRowProps) {
  const { t } = useTranslation()
  const { level, entries, draft, faults, may, known } = useDesk()
  const [defiant, setDefiant] = useState(false)
  const here = known(path)
  const lock = lockAbove(level, here)
  const declared = entriesFor(entries, draft, path)
  const lines: ShownEntry[] = declared.some((entry) => !isLimited(entry)) ? declared : [{ ...blank(path), key: keyOf(blank(path)) }, ...declared]
  const id = `setting-${path}`
  return (
    <div className={classes.row} role="group" aria-labelledby={id}>
      <div>
        <Text id={id} fw={600} size="sm">{setting.title}</Text>
        <Code fz="xs">{path}</Code>
        {setting.help && <Text size="xs" c="dimmed">{setting.help}</Text>}
        {setting.deprecated && <Text size="xs" c="var(--dialtone-warn)">{t('settings.deprecated')}</Text>}
      </div>
      <div>
        {lines.map((entry) => (
          <EntryLine key={entry.key} setting={setting} entry={entry} known={here} readOnly={!may || (lock !== undefined && !defiant)} fault={entry.change ? faultOf(faults, path) : undefined} />
        ))}
        {lock && <LockNotice by={lock} onDefy={may && !defiant ? () => setDefiant(true) : undefined} title={setting.title} />}
        <InForceText setting={setting} known={here} level={level} />
        {here?.secret && <RevealSetting path={path} title={setting.title} />}
      </div>
    </div>
  )
}

interface LockNoticeProps {
  by: LevelName
  title: string
  /** Opens the field all the same; undefined if it is open, or the viewer may not. */
  onDefy?: () => void
}

/** Says who locked a setting, and what comes of declaring it here. */
function LockNotice({ by, title, onDefy }: LockNoticeProps) {
  const { t } = useTranslation()
  const levelText = useLevelText()
  return (
    <Text size="xs" mt={4} component="div">
      <span className={classes.locked}><IconLock size={14} aria-hidden />{t('settings.lockedBy', { level: levelText(by) })}</span>{' '}
      {onDefy
        ? <Button size="compact-xs" variant="default" onClick={onDefy} aria-label={t('settings.defyOne', { title })}>{t('settings.defy')}</Button>
        : t('settings.lockedMeans')}
    </Text>
  )
}
