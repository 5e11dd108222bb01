import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Known } from './desk'
import { sameLevel, type LevelName, type Setting } from './model'
import classes from './settings.module.css'
import { useLevelText, useValueText } from './words'

interface InForceTextProps {
  setting: Setting
  known: Known | undefined
  /** The level that is looked at. */
  level: LevelName
}

/** What holds of a setting, which level says so, and what that stands in the place of. */
export function InForceText({ setting, known, level }: InForceTextProps) {
  const { t } = useTranslation()
  const valueText = useValueText()
  const levelText = useLevelText()
  if (!known) return setting.default === null ? null : <Text size="xs" c="dimmed" mt={4}>{t('settings.default', { value: valueText(setting.type === 'boolean' ? setting.default === 'true' : setting.default) })}</Text>
  const { value, secret, origin, overrode = [] } = known
  const own = sameLevel(origin, level)
  // The field says it already.
  if (own && !secret && overrode.length === 0) return null
  return (
    <Text size="xs" c="dimmed" mt={4} component="div">
      {t(own ? 'settings.inForceHere' : known.overrode ? 'settings.inForce' : 'settings.inherited', { value: valueText(value, secret), level: levelText(origin) })}
      {overrode.map((lost) => (
        <div key={`${lost.level.kind} ${lost.level.id ?? ''}`} className={lost.refused ? classes.refused : undefined}>
          {t(lost.refused ? 'settings.refused' : 'settings.overrode', { value: valueText(lost.value, secret), level: levelText(lost.level) })}
        </div>
      ))}
    </Text>
  )
}
