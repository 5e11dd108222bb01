import createClient from 'openapi-fetch'
import { asProblem, problemOf } from './problem'
import type { Paths } from './types'

/**
 * The typed client of the REST interface. The browser sends the session's cookie along. Use it inside
 * answer(), which turns what is no success into a ProblemError.
 */
export const api = createClient<Paths>({
  baseUrl: location.origin,
  credentials: 'same-origin',
  headers: { Accept: 'application/json, application/problem+json' },
  // Looked up at each call, so that tests can answer in its place.
  fetch: (request) => globalThis.fetch(request),
})

interface Outcome<Data> {
  data?: Data
  error?: unknown
  response: Response
}

/** Returns the body of a successful answer. It throws a ProblemError otherwise. */
export async function answer<Data>(call: Promise<Outcome<Data>>): Promise<Data> {
  return (await answerWithTag(call)).data
}

/** Like answer, with the ETag for a later If-Match; empty if there was none. */
export async function answerWithTag<Data>(call: Promise<Outcome<Data>>): Promise<{ data: Data; etag: string }> {
  const { data, error, response } = await call.catch((thrown: unknown) => {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown
    throw asProblem(thrown)
  })
  if (!response.ok) throw problemOf(error, response)
  return { data: data as Data, etag: response.headers.get('ETag') ?? '' }
}
