import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { parameterOf } from './columns'

/** Returns the function that names a column in the viewer's language. An indexed parameter has the name that the server was given. */
export function useColumnTitle() {
  const { t, i18n } = useTranslation()
  return useCallback((name: string) => {
    const key = `devices.column.${name}`
    return parameterOf(name) ?? (i18n.exists(key) ? t(key) : name)
  }, [t, i18n])
}
