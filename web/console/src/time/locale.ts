/**
 * The locale in which to write times and numbers: the viewer's own of this language, such as en-GB, as the
 * browser has it, so that the clock has 24 hours where it has; else the language alone.
 */
export function localeOf(language: string, wanted: readonly string[] = navigator.languages): string {
  return wanted.find((tag) => tag === language || tag.startsWith(`${language}-`)) ?? language
}
