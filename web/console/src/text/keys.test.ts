import { describe, expect, it } from 'vitest'
import de from './de'
import en from './en'

const sources = import.meta.glob<string>('../**/*.{ts,tsx}', { eager: true, query: '?raw', import: 'default' })

type Tree = Record<string, unknown>

function flat(tree: Tree, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value] as const] : [...flat(value as Tree, `${prefix + key}.`)],
    ),
  )
}

const english = flat(en)
const german = flat(de)
const withoutPlural = new Set([...english.keys()].map((key) => key.replace(/_(zero|one|two|few|many|other)$/, '')))

/** Every first argument of t(…), and every text key of a table: literal, or a template whose parts in ${} stand for anything. */
function used(source: string): string[] {
  const calls = [...source.matchAll(/\bt\(\s*(['"`])((?:(?!\1).)+)\1/g)].map((m) => m[2]!)
  const tables = [...source.matchAll(/\btitle: '([a-z][A-Za-z]*\.[\w.]+)'/g)].map((m) => m[1]!)
  return [...calls, ...tables]
}

function exists(key: string): boolean {
  if (!key.includes('${')) return withoutPlural.has(key)
  const pattern = key.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^()[\]\\|]/g, '\\$&')).join('[^.]+')
  return [...withoutPlural].some((k) => new RegExp(`^${pattern}$`).test(k))
}

describe('the texts', () => {
  it('have the same keys in every language', () => {
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort())
  })

  it('have the same placeholders in every language', () => {
    const placeholders = (text = '') => [...text.matchAll(/\{\{\s*(\w+)/g)].map((m) => m[1]!).sort()
    for (const [key, text] of english) expect([key, ...placeholders(german.get(key))]).toEqual([key, ...placeholders(text)])
  })

  it('are nowhere empty', () => {
    for (const [key, text] of [...english, ...german]) expect([key, text.trim()]).not.toEqual([key, ''])
  })

  it('have every key that the console uses', () => {
    const lacking = Object.entries(sources)
      .filter(([file]) => !file.endsWith('.test.ts') && !file.endsWith('.test.tsx'))
      .flatMap(([file, source]) => used(source).filter((key) => !exists(key)).map((key) => `${file}: ${key}`))
    expect(lacking).toEqual([])
  })
})
