import { expect, it } from 'vitest'
import type { AppliedProfile } from '@/api/types'
import { decidedBy } from './decided'

const profile = (id: string, decides: string[]) => ({ id, decides }) as AppliedProfile

it('The fields of a device are told with the profile that decides them', () => {
  const { fields, by } = decidedBy({ behaviour: { getParameterValuesNames: 8, lacks: ['Upload'] }, profiles: [profile('a', ['getParameterValuesNames']), profile('b', ['levelByLevel'])] })
  expect(fields).toEqual({ getParameterValuesNames: 8, lacks: ['Upload'], levelByLevel: undefined })
  expect(['getParameterValuesNames', 'levelByLevel', 'lacks'].map((field) => by.get(field)?.id)).toEqual(['a', 'b', undefined])
})
