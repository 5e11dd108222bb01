import { describe, expect, it } from 'vitest'
import { asProblem, problemKinds, problemOf, ProblemError } from './problem'
import en from '../text/en'

const response = (status: number, headers: Record<string, string> = {}) => new Response(null, { status, headers })

describe('problemOf', () => {
  it('takes all that a problem document says', () => {
    const p = problemOf({
      type: 'urn:dialtone:problem:invalid', title: 'The request has invalid values', status: 422, detail: 'body.name must not be empty',
      instance: 'urn:dialtone:request:abc', errors: [{ location: 'body.name', message: 'must not be empty' }],
    }, response(422))
    expect(p).toMatchObject({ kind: 'invalid', status: 422, detail: 'body.name must not be empty', request: 'abc' })
    expect(p.field('name')).toBe('must not be empty')
    expect(p.field('other')).toBeUndefined()
  })

  it('tells a missing code from a wrong password, though both are 401', () => {
    const of = (type: string) => problemOf({ type, title: 't', status: 401, instance: '' }, response(401)).kind
    expect(of('urn:dialtone:problem:second-factor-required')).toBe('second-factor-required')
    expect(of('urn:dialtone:problem:unauthenticated')).toBe('unauthenticated')
  })

  it('goes by the status where the kind is unknown or the body is of a proxy', () => {
    expect(problemOf({ type: 'urn:dialtone:problem:of-tomorrow', title: 't', status: 409, instance: '' }, response(409)).kind).toBe('conflict')
    expect(problemOf('<html>Bad gateway</html>', response(502)).kind).toBe('unavailable')
    expect(problemOf(undefined, response(599)).kind).toBe('internal')
    expect(problemOf(undefined, response(418)).kind).toBe('malformed')
  })

  it('says how long to wait', () => {
    expect(problemOf(undefined, response(429, { 'Retry-After': '30' })).retryAfter).toBe(30)
    expect(problemOf(undefined, response(429, { 'Retry-After': 'Fri, 31 Dec 1999 23:59:59 GMT' })).retryAfter).toBe(0)
    expect(problemOf(undefined, response(503)).retryAfter).toBe(0)
  })
})

describe('asProblem', () => {
  it('keeps a problem and takes everything else for a missing answer', () => {
    const p = new ProblemError('limit', 429, '')
    expect(asProblem(p)).toBe(p)
    expect(asProblem(new TypeError('fetch failed'))).toMatchObject({ kind: 'network', status: 0, detail: 'fetch failed' })
  })
})

it('Every kind of problem says what happened and what to try', () => {
  const texts = en['problem'] as Record<string, { title?: string; try?: string }>
  for (const kind of problemKinds) {
    expect(texts[kind]?.title, kind).toBeTruthy()
    expect(texts[kind]?.try, kind).toBeTruthy()
  }
})
