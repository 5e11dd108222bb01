import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { lacking, strict } from './harness/environment.ts'

const missing = lacking()
if (missing && strict) throw new Error(`The console cannot be tested: ${missing}`)
if (missing) console.log(`NOTE: the end-to-end tests of the console are left out: ${missing}`)

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  cacheDir: fileURLToPath(new URL('../node_modules/.vite-e2e', import.meta.url)),
  test: {
    environment: 'node',
    include: missing ? [] : ['*.e2e.ts'],
    passWithNoTests: Boolean(missing),
    globalSetup: missing ? [] : ['harness/populator.ts'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
