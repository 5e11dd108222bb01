import type { FieldError, Problem } from './types'

const prefix = 'urn:dialtone:problem:'

/** The kinds of problems that the console knows words for. 'network' is no answer at all. */
export const problemKinds = [
  'malformed', 'unauthenticated', 'second-factor-required', 'password-change-required', 'forbidden', 'not-found', 'method-not-allowed',
  'not-acceptable', 'timeout', 'duplicate', 'conflict', 'state', 'precondition-failed', 'too-large', 'unsupported-media-type',
  'invalid', 'limit', 'internal', 'unavailable', 'network',
] as const

export type ProblemKind = (typeof problemKinds)[number]

/** What went wrong with a call: a problem document (RFC 9457), or the lack of an answer. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  constructor(
    readonly kind: ProblemKind,
    /** The HTTP status; 0 without an answer. */
    readonly status: number,
    readonly detail: string,
    readonly errors: readonly FieldError[] = [],
    /** The id under which the server's log has the request; empty if unknown. */
    readonly request = '',
    /** In seconds; 0 if the server did not say. */
    readonly retryAfter = 0,
    /** For a duplicate: what exists already. */
    readonly existing = '',
  ) {
    super(detail || kind)
  }

  /** The message of the field at this place of the body, such as "name" or "parameters[2].path". */
  field(path: string): string | undefined {
    return this.errors.find((e) => e.location === `body.${path}`)?.message
  }
}

/** Makes a ProblemError of an answer that is no success. The body may be anything, as from a proxy on the way. */
export function problemOf(body: unknown, response: Response): ProblemError {
  const p = isProblem(body) ? body : undefined
  const retryAfter = Number(response.headers.get('Retry-After') ?? 0)
  return new ProblemError(
    kindOf(p?.type, response.status), response.status, p?.detail ?? p?.title ?? '', p?.errors ?? [],
    (p?.instance ?? '').replace('urn:dialtone:request:', ''), Number.isFinite(retryAfter) ? retryAfter : 0, p?.existing ?? '',
  )
}

/** Returns anything thrown as a ProblemError. */
export function asProblem(thrown: unknown): ProblemError {
  if (thrown instanceof ProblemError) return thrown
  return new ProblemError('network', 0, thrown instanceof Error ? thrown.message : String(thrown))
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'type' in body && typeof body.type === 'string'
}

const kindsOfStatus: Record<number, ProblemKind> = {
  400: 'malformed', 401: 'unauthenticated', 403: 'forbidden', 404: 'not-found', 405: 'method-not-allowed', 406: 'not-acceptable',
  408: 'timeout', 409: 'conflict', 412: 'precondition-failed', 413: 'too-large', 415: 'unsupported-media-type', 422: 'invalid',
  429: 'limit', 502: 'unavailable', 503: 'unavailable', 504: 'unavailable',
}

function kindOf(type: string | undefined, status: number): ProblemKind {
  const named = type?.startsWith(prefix) ? problemKinds.find((k) => k === type.slice(prefix.length)) : undefined
  return named ?? kindsOfStatus[status] ?? (status < 500 ? 'malformed' : 'internal')
}
