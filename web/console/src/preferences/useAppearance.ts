import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { changeLanguage, languages, type Language } from '@/text'
import { usePreferences } from './usePreferences'

/** The language and the colours of the viewer, and how to choose others. A choice goes with the user to other browsers. */
export function useAppearance() {
  const { i18n } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { change } = usePreferences()
  return {
    language: i18n.language as Language,
    theme: colorScheme,
    chooseLanguage: (language: Language) => {
      void changeLanguage(language)
      change({ language })
    },
    chooseTheme: (theme: MantineColorScheme) => {
      setColorScheme(theme)
      change({ theme })
    },
  }
}

/** Shows the console as the viewer chose it elsewhere. This browser keeps it, for the moment before it is read again. */
export function useChosenAppearance() {
  const { preferences } = usePreferences()
  const { setColorScheme } = useMantineColorScheme()
  const language = preferences?.language
  const theme = preferences?.theme
  useEffect(() => {
    if (isLanguage(language)) void changeLanguage(language)
  }, [language])
  useEffect(() => {
    if (isTheme(theme)) setColorScheme(theme)
  }, [theme, setColorScheme])
}

function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && Object.hasOwn(languages, value)
}

function isTheme(value: unknown): value is MantineColorScheme {
  return value === 'light' || value === 'dark' || value === 'auto'
}
