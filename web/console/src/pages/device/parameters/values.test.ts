import { describe, expect, it } from 'vitest'
import { booleanText, checkValue, isTrue } from './values'

describe('a value', () => {
  it.each([
    ['xsd:int', '-2147483648', undefined],
    ['xsd:int', '2147483648', 'range'],
    ['xsd:unsignedInt', '-1', 'range'],
    ['xsd:unsignedInt', '4294967295', undefined],
    ['xsd:unsignedInt', '', 'integer'],
    ['xsd:unsignedInt', '5.5', 'integer'],
    ['xsd:unsignedLong', '18446744073709551615', undefined],
    ['xsd:unsignedLong', '18446744073709551616', 'range'],
    ['xsd:decimal', '1.50', undefined],
    ['xsd:decimal', '1e5', 'decimal'],
    ['xsd:dateTime', '2031-02-28T10:00:00Z', undefined],
    ['xsd:dateTime', '2032-02-29T10:00:00.5+02:00', undefined],
    ['xsd:dateTime', '2031-02-29T10:00:00Z', 'dateTime'],
    ['xsd:dateTime', '0001-01-01T00:00:00Z', undefined],
    ['xsd:dateTime', '2031-02-28', 'dateTime'],
    ['xsd:hexBinary', '0aFF', undefined],
    ['xsd:hexBinary', '0aF', 'hex'],
    ['xsd:base64', 'aGk=', undefined],
    ['xsd:base64', 'aGk', 'base64'],
    ['xsd:string', 'any text\nat all ü', undefined],
    ['xsd:string', 'a\u0001b', 'characters'],
    ['', 'of no known type', undefined],
  ])('of %s, %j, is told %s', (type, value, want) => {
    expect(checkValue(type, value)).toBe(want)
  })

  it('that is a boolean is written as the phone writes it', () => {
    expect(booleanText(true, '0')).toBe('1')
    expect(booleanText(false, 'true')).toBe('false')
    expect(booleanText(true, null)).toBe('true')
    expect([isTrue('1'), isTrue('TRUE'), isTrue('0'), isTrue(null)]).toEqual([true, true, false, false])
  })
})
