import { expect, it } from 'vitest'
import { localeOf } from './locale'

it.each([
  ['en', ['de-AT', 'en-GB', 'en-US'], 'en-GB'], ['de', ['en-US'], 'de'], ['de', ['den', 'de'], 'de'], ['en', [], 'en'],
])('for %s among %j it is %s', (language, wanted, locale) => {
  expect(localeOf(language, wanted)).toBe(locale)
})
