import { describe, expect, it } from 'vitest'
import { areasOf, isRoleName, toggled } from './areas'

const known = ['devices.read', 'devices.write', 'secrets.reveal', 'tasks.read']

describe('the areas of permissions', () => {
  it('keep the order in which permissions come', () => {
    const areas = areasOf(known.map((name) => ({ name, description: '' })))
    expect(areas.map((area) => [area.name, area.permissions.length])).toEqual([['devices', 2], ['secrets', 1], ['tasks', 1]])
  })
})

describe('choosing a permission', () => {
  it('to write brings the one to read', () => {
    expect(toggled([], 'devices.write', true, known, known)).toEqual(['devices.read', 'devices.write'])
  })

  it('brings none that the chooser lacks or that does not exist', () => {
    expect(toggled([], 'devices.write', true, known, ['devices.write'])).toEqual(['devices.write'])
    expect(toggled([], 'secrets.reveal', true, known, known)).toEqual(['secrets.reveal'])
  })

  it('to read no longer takes the one to write, too', () => {
    expect(toggled(['devices.read', 'devices.write', 'tasks.read'], 'devices.read', false, known, known)).toEqual(['tasks.read'])
  })
})

it('names of roles are those that the server takes', () => {
  expect(['clerk', 'night-shift-2'].every(isRoleName)).toBe(true)
  expect(['', 'Clerk', '2nd', 'a b', 'x'.repeat(65)].some(isRoleName)).toBe(false)
})
