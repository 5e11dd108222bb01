import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import de from '@/text/messages/de/quirks.json'
import en from '@/text/messages/en/quirks.json'
import { behaviourFields, saidFields, valueText } from './fields'

const description = readFileSync('../api/testdata/openapi.yaml', 'utf8')

/** The properties of a schema, as the description of the interface has them. */
function propertiesOf(name: string): string[] {
  const block = new RegExp(`^    ${name}:\\n((?: {6,}.*\\n)+)`, 'm').exec(description)?.[1] ?? ''
  return [...block.matchAll(/^ {8}(\w+):$/gm)].map((m) => m[1]!)
}

describe('the fields of a behaviour', () => {
  it('are those of the interface', () => expect(Object.keys(behaviourFields).sort()).toEqual(propertiesOf('Behaviour').sort()))

  it('have words in every language', () => {
    for (const texts of [en.fields, de.fields] as Record<string, { name: string; means: string }>[]) {
      for (const field of Object.keys(behaviourFields)) expect([field, texts[field]?.name, texts[field]?.means]).toEqual([field, expect.any(String), expect.any(String)])
    }
  })

  it('come in one order, those that nobody knows last', () => {
    expect(saidFields({ new: 1, lacks: [], another: 2, getParameterValuesNames: 3 })).toEqual(['getParameterValuesNames', 'lacks', 'another', 'new'])
  })

  it.each([
    [true, 'yes'], [false, 'no'], [16, '16'], [['A', 'B'], 'A, B'], [[], 'none'], [null, 'none'], [{ 'Device.*': 'xsd:int' }, 'Device.* → xsd:int'], [{}, 'none'],
  ])('%j reads "%s"', (value, want) => expect(valueText(value, { yes: 'yes', no: 'no', none: 'none' })).toBe(want))
})
