import { describe, expect, it } from 'vitest'
import type { User } from '@/api/types'
import { isUserName, newUserOf, patchOf, searchUsers } from './form'
import { generatePassword } from './password'

const anna: User = {
  name: 'anna', displayName: 'Anna A.', role: 'operator', scope: 'acme', disabled: false, mustChangePassword: false, secondFactor: false,
  external: false, hasPassword: true, createdAt: '', updatedAt: '', lastSignIn: null,
}

describe('a change of a user', () => {
  it('has only what was changed', () => {
    expect(patchOf(anna, { displayName: 'Anna A.', role: 'viewer', scope: '', disabled: false })).toEqual({ role: 'viewer', scope: '' })
  })

  it('is none if everything stayed', () => {
    expect(patchOf(anna, { displayName: 'Anna A.', role: 'operator', scope: 'acme', disabled: false })).toBeUndefined()
  })
})

describe('a new user', () => {
  it('leaves out what is empty, and has to change the password', () => {
    expect(newUserOf(' ben ', { displayName: ' ', role: 'viewer', scope: '' })).toEqual({ name: 'ben', role: 'viewer', mustChangePassword: true })
  })

  it('has a name that the server takes', () => {
    expect(['anna', 'a.b@c-d_e', '1'].every(isUserName)).toBe(true)
    expect(['Anna', '.a', '', 'a b', 'x'.repeat(65)].some(isUserName)).toBe(false)
  })
})

describe('the search of users', () => {
  it('looks at every text, whatever its case', () => {
    const ben = { ...anna, name: 'ben', displayName: '', scope: '' }
    expect(searchUsers([anna, ben], 'ACME').map((u) => u.name)).toEqual(['anna'])
    expect(searchUsers([anna, ben], 'operator')).toHaveLength(2)
    expect(searchUsers([anna, ben], ' ')).toHaveLength(2)
  })
})

describe('a generated password', () => {
  it('is long enough and has no characters that are taken for others', () => {
    expect(generatePassword()).toMatch(/^[a-km-np-z2-9]{4}(-[a-km-np-z2-9]{4}){4}$/)
  })

  it('is made of the random bytes', () => {
    expect(generatePassword((bytes) => bytes.fill(33))).toBe('bbbb-bbbb-bbbb-bbbb-bbbb')
  })
})
