import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Finding { id: string; impact: string | null; help: string; nodes: { html: string; failureSummary?: string }[] }

/** Returns what axe finds on the page that matters, one text for each place. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(source)
  const violations = await page.evaluate(async () => {
    const axe = (window as unknown as { axe: { run: (what: Document, options: object) => Promise<{ violations: Finding[] }> } }).axe
    return (await axe.run(document, { resultTypes: ['violations'] })).violations
  })
  return violations
    .filter(({ impact }) => impact !== 'minor')
    .flatMap(({ id, impact, help, nodes }) => nodes.map((node) => `${impact} ${id}: ${help}: ${node.html.slice(0, 200)} — ${(node.failureSummary ?? '').replaceAll('\n', ' ').slice(0, 300)}`))
}
