import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import tests from '../vitest.config.ts'

/** Makes the configuration that runs one file and none of the tests, in the same surroundings. */
export function alone(file: string): ViteUserConfig {
  const config: ViteUserConfig = mergeConfig(tests, { test: { passWithNoTests: true, disableConsoleIntercept: true } })
  // Merging adds to lists.
  config.test!.include = config.test!.include!.length > 0 ? [file] : []
  return config
}
