import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { root } from './environment.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The program that fills a store with devices. */
    populator: string
  }
}

/** Builds the program that fills stores, once for all tests. */
export default function setup({ provide }: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'dialtone-populate-'))
  const program = join(folder, 'populate')
  execFileSync('go', ['build', '-o', program, './web/console/e2e/populate'], { cwd: root, stdio: 'inherit', timeout: 300_000 })
  provide('populator', program)
  return () => rmSync(folder, { recursive: true, force: true })
}
