import { describe, expect, it } from 'vitest'
import type { Line } from '@/api/types'
import { formOf, newLineOf, patchOf } from './form'

const line: Line = {
  id: 'acme:201', group: 'acme', number: '201', user: '', authUser: '', password: null, secret: true, displayName: 'Reception', label: '', voicemail: '*97', listed: true, revision: 3, updatedAt: null, updatedBy: '',
}

describe('the form of a line', () => {
  it('adds one with a password that is made, unless another is given', () => {
    const form = { ...formOf(undefined, 'acme'), number: ' 201 ', displayName: ' Reception ' }
    expect(newLineOf(form)).toEqual({ group: 'acme', number: '201', displayName: 'Reception', password: 'auto', listed: true })
    expect(newLineOf({ ...form, choice: 'given', password: ' sesame', listed: false })).toEqual({ group: 'acme', number: '201', displayName: 'Reception', password: ' sesame' })
    expect(newLineOf({ ...form, choice: 'none' })).not.toHaveProperty('password')
  })

  it('changes what is another than before only', () => {
    expect(patchOf(line, formOf(line, ''))).toEqual({})
    expect(patchOf(line, { ...formOf(line, ''), voicemail: '', label: 'Desk', listed: false })).toEqual({ voicemail: '', label: 'Desk', listed: false })
  })

  it.each([['keep', undefined], ['auto', 'auto'], ['given', 'sesame'], ['none', null]] as const)('has the password %s', (choice, want) => {
    expect(patchOf(line, { ...formOf(line, ''), choice, password: 'sesame' }).password).toBe(want)
  })
})
