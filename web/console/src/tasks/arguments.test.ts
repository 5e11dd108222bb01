import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { argumentsOf, commonArguments, templateOf } from './arguments'
import { taskKinds } from './kinds'

const description = readFileSync('../api/testdata/openapi.yaml', 'utf8')

/** Reads the properties of a schema, and which are required, from the description of the interface. */
function schemaOf(name: string) {
  const lines = description.split('\n')
  const begin = lines.findIndex((line) => line === `    ${name}:`)
  const end = lines.findIndex((line, i) => i > begin && /^ {4}\S/.test(line))
  const block = lines.slice(begin + 1, end < 0 ? undefined : end)
  const properties = new Set<string>()
  const required = new Set<string>()
  let part = ''
  for (const line of block) {
    const key = /^ {6}(\w+):/.exec(line)?.[1]
    if (key) part = key
    else if (part === 'properties') {
      const property = /^ {8}(\w+):/.exec(line)?.[1]
      if (property) properties.add(property)
    } else if (part === 'required') required.add(line.trim().replace(/^- /, ''))
  }
  return { properties, required }
}

describe('the arguments of the kinds', () => {
  it.each([...taskKinds])('of %s are those of the interface', (kind) => {
    const { properties, required } = schemaOf(`Task${kind[0]!.toUpperCase()}${kind.slice(1)}`)
    const own = argumentsOf[kind]
    expect([...own, ...commonArguments].map((a) => a.name).concat('kind').sort()).toEqual([...properties].sort())
    expect(own.filter((a) => a.required).map((a) => a.name).concat('kind').sort()).toEqual([...required].sort())
  })

  it.each([...taskKinds])('of %s have a template that uses nothing else', (kind) => {
    const names = argumentsOf[kind].map((a) => a.name)
    expect(Object.keys(templateOf(kind)).filter((name) => !names.includes(name))).toEqual([])
    for (const { name, required } of argumentsOf[kind]) if (required) expect(templateOf(kind)).toHaveProperty(name)
  })
})
