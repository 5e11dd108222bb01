import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The program under test. */
export const binary = process.env.DIALTONE_BINARY ?? ''

/** The browser of the machine. */
export const chromium = process.env.DIALTONE_CHROMIUM ?? '/usr/bin/chromium'

/** The root of the repository. */
export const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** Says what the tests need and this machine lacks; undefined if it has everything. */
export function lacking(): string | undefined {
  if (!existsSync(chromium)) return `no Chromium at ${chromium} (DIALTONE_CHROMIUM names another)`
  if (!binary) return 'DIALTONE_BINARY does not name the program'
  if (!existsSync(binary)) return `no program at ${binary}, which DIALTONE_BINARY names`
  return undefined
}

/** Reports whether nothing may be left out. */
export const strict = process.env.CI === 'true'
