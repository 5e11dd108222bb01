import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import tests from './vitest.config.ts'

const config: ViteUserConfig = mergeConfig(tests, { test: { passWithNoTests: true } })
// Merging adds to lists.
config.test!.include = config.test!.include!.length > 0 ? ['screenshots.ts'] : []

export default config
