import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

/** The languages of the console, by their own names. */
export const languages = { en: 'English', de: 'Deutsch' } as const

export type Language = keyof typeof languages

const storageKey = 'dialtone.language'

// Each language is a chunk of its own: a viewer loads one.
const load: Record<Language, () => Promise<{ default: Record<string, unknown> }>> = {
  en: () => import('./en'),
  de: () => import('./de'),
}

/** Loads the texts of the viewer's language. */
export async function startText() {
  const language = preferred()
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation: (await load[language]()).default } },
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  document.documentElement.lang = language
}

/** Changes the language at once and keeps the choice in this browser. */
export async function changeLanguage(language: Language) {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', (await load[language]()).default)
  }
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
  localStorage.setItem(storageKey, language)
}

function preferred(): Language {
  const wanted = [localStorage.getItem(storageKey), ...navigator.languages]
  for (const tag of wanted) {
    const language = tag?.split('-')[0]
    if (language && language in languages) return language as Language
  }
  return 'en'
}
