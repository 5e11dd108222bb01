import { useTranslation } from 'react-i18next'
import type { LevelName } from './model'

/** Stands for a secret: it is never shown. */
export const mask = '••••••••'

/** Returns a value as people read it. */
export function useValueText(): (value: unknown, secret?: boolean) => string {
  const { t } = useTranslation()
  return (value, secret = false) => {
    if (secret) return mask
    if (typeof value === 'boolean') return t(value ? 'settings.yes' : 'settings.no')
    return textOf(value)
  }
}

/** Returns a value as text; empty for none. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return Array.isArray(value) ? value.map(String).join(', ') : String(value)
}

/** Returns what a level is called. */
export function useLevelText(): (level: LevelName) => string {
  const { t } = useTranslation()
  return ({ kind, id = '' }) => t(`settings.level.${kind}`, { id })
}
