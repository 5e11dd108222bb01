import { StringStream } from '@codemirror/language'
import { expect, it } from 'vitest'
import { templateToken, type TemplateState } from './template'

/** The styles of the tokens of some lines, each with its text. */
function tokens(...lines: string[]): [string | null, string][] {
  const state: TemplateState = { inside: 'text' }
  return lines.flatMap((line) => {
    const stream = new StringStream(line, 2, 2)
    const found: [string | null, string][] = []
    while (!stream.eol()) {
      stream.start = stream.pos
      const style = templateToken(stream, state)
      expect(stream.pos, 'every token takes something').toBeGreaterThan(stream.start)
      found.push([style, stream.current()])
    }
    return found
  })
}

it('Text stays plain, and actions have their colours', () => {
  expect(tokens('user = {{- if .network.lldp}}"x{y"').filter(([style]) => style !== null)).toEqual([['keyword', '{{-'], ['keyword', 'if'], ['typeName', '.network.lldp'], ['keyword', '}}']])
  expect(tokens('{{pick .a "tr\\"ue" 1}}').map(([style, text]) => style && text)).toEqual(['{{', null, null, '.a', null, '"tr\\"ue"', null, '1', '}}'])
})

it('A comment goes on over lines', () => {
  expect(tokens('a{{/* one', 'two {{if}} */}}b {{.c}}').filter(([style]) => style === 'comment').map(([, text]) => text)).toEqual(['{{/*', ' one', 'two {{if}} */}}'])
  expect(tokens('{{/* x */}}{{.c}}').at(-2)).toEqual(['typeName', '.c'])
})
