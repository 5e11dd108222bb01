import { describe, expect, it } from 'vitest'
import type { Role } from '@/api/types'
import { grantable, lacking, mayManage, within } from './grant'
import { all, scopeChoices } from './scopeChoices'

const role = (name: string, ...permissions: string[]): Role => ({ name, description: '', permissions, builtIn: false })
const roles = [role('admin', 'devices.read', 'users.write'), role('viewer', 'devices.read'), role('nothing')]
const clerk = { permissions: ['devices.read'], scope: 'acme' }

describe('who may give which role', () => {
  it('is told by the permissions of both', () => {
    expect(grantable(roles, clerk).map((r) => r.name)).toEqual(['viewer', 'nothing'])
    expect(lacking(roles[0]!, clerk)).toEqual(['users.write'])
  })
})

describe('a group', () => {
  it.each([
    ['acme', 'acme', true], ['acme/south', 'acme', true], ['acme-x', 'acme', false], ['', 'acme', false], ['anything', '', true], ['', '', true],
  ])('%j lies within %j: %s', (group, scope, wanted) => {
    expect(within(group, scope)).toBe(wanted)
  })
})

describe('somebody', () => {
  it('manages those who can do no more', () => {
    expect(mayManage({ role: 'viewer', scope: 'acme/south' }, roles, clerk)).toBe(true)
    expect(mayManage({ role: 'admin', scope: 'acme/south' }, roles, clerk)).toBe(false)
    expect(mayManage({ role: 'viewer', scope: '' }, roles, clerk)).toBe(false)
    expect(mayManage({ role: 'gone', scope: 'acme' }, roles, clerk)).toBe(true)
  })
})

describe('the groups to choose from', () => {
  const group = (path: string, title = '') => ({ path, title, name: '', description: '', createdAt: '', updatedAt: '', hasChildren: false })

  it('include all groups only for who sees them', () => {
    expect(scopeChoices([group('acme')], '', '', 'All').map((c) => c.value)).toEqual([all, 'acme'])
    expect(scopeChoices([group('acme/south'), group('other')], '', 'acme', 'All').map((c) => c.value)).toEqual(['acme', 'acme/south'])
  })

  it('include the present one once, with its title if it is known', () => {
    expect(scopeChoices([group('acme', 'Acme Inc.')], 'acme', '', 'All')).toEqual([{ value: all, label: 'All' }, { value: 'acme', label: 'Acme Inc. – acme' }])
  })
})
