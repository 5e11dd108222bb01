import { beforeEach, describe, expect, it, vi } from 'vitest'
// The client takes fetch when it is made, so that this stands before it.
const server = vi.hoisted(() => {
  const own: { answer: (request: Request) => Promise<Response> } = { answer: () => Promise.resolve(Response.error()) }
  globalThis.fetch = ((request: Request) => own.answer(request)) as typeof fetch
  return own
})

import { readPreferences, writePreference } from './preferences'

type Call = [method: string, body: unknown]

function serve(answerOf: (method: string) => Response): Call[] {
  const calls: Call[] = []
  server.answer = async (request) => {
    const text = await request.clone().text()
    calls.push([request.method, text === '' ? undefined : JSON.parse(text)])
    return answerOf(request.method)
  }
  return calls
}

const forbidden = () => Response.json({ type: 'urn:dialtone:problem:forbidden', title: '', status: 403, instance: '' }, { status: 403 })

describe('a preference', () => {
  beforeEach(() => localStorage.clear())

  it('is written beside the others, read anew', async () => {
    const calls = serve((method) => (method === 'GET' ? Response.json({ other: 1, deviceViews: [] }) : Response.json({})))
    expect(await writePreference('deviceViews', ['a'])).toEqual({ other: 1, deviceViews: ['a'] })
    expect(calls).toEqual([['GET', undefined], ['PUT', { other: 1, deviceViews: ['a'] }]])
  })

  it('stays in this browser for who has none at the server', async () => {
    serve(forbidden)
    await writePreference('deviceViews', ['a'])
    await writePreference('more', 2)
    expect(await readPreferences()).toEqual({ deviceViews: ['a'], more: 2 })
  })

  it('is not written over what could not be read', async () => {
    const calls = serve(() => Response.json({ type: 'urn:dialtone:problem:unavailable', title: '', status: 503, instance: '' }, { status: 503 }))
    await expect(writePreference('deviceViews', ['a'])).rejects.toMatchObject({ kind: 'unavailable' })
    expect(calls.map(([method]) => method)).toEqual(['GET'])
  })
})
