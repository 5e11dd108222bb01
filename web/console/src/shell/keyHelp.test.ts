import { describe, expect, it } from 'vitest'
import { gridCommand, pageCommand } from '@/pages/devices/tableKeys'
import en from '@/text/en'
import { keyHelp, keyName } from './keyHelp'

const text = (key: string): unknown => key.split('.').reduce<unknown>((tree, part) => (tree as Record<string, unknown> | undefined)?.[part], en)

describe('the list of shortcuts', () => {
  it('has a text for each part, each key and what it does', () => {
    const used = keyHelp.flatMap(({ title, rows }) => [title, ...rows.map(({ does }) => does)])
    const named = keyHelp.flatMap(({ rows }) => rows.flatMap(({ keys }) => keys.flatMap((key) => key.split('+')))).map((key) => keyName(key, (name) => { used.push(name); return name }))
    expect(named.every((name) => name !== '')).toBe(true)
    expect(used.filter((key) => typeof text(key) !== 'string')).toEqual([])
  })

  it('names only keys of the list of devices that do something there', () => {
    const devices = keyHelp.find(({ title }) => title === 'shortcuts.devices.title')!
    const idle = devices.rows.flatMap(({ keys }) => keys).filter((combination) => {
      const pressed = combination.split('+')
      const event = { key: pressed.at(-1)!, shiftKey: pressed.includes('Shift'), ctrlKey: pressed.includes('Ctrl'), metaKey: false, altKey: false }
      return !pageCommand(event) && !gridCommand(event, 10)
    })
    expect(idle).toEqual([])
  })

  it('writes signs on keys as keyboards do', () => {
    expect(['ArrowDown', 'j', ' '].map((key) => keyName(key, (name) => `<${name}>`))).toEqual(['↓', 'j', '<shortcuts.key.space>'])
  })
})
