import { problemOf, ProblemError } from '@/api/problem'
import type { File as StoredFile } from '@/api/types'
import type { FileFields } from './fields'

interface SendOptions {
  signal: AbortSignal
  /** Called with the part that was sent, from 0 to 1. */
  onProgress: (part: number) => void
}

/** The multipart body of an upload. The server wants the fields before the content. */
export function bodyOf(file: File, fields: FileFields): FormData {
  const body = new FormData()
  for (const name of ['name', 'type', 'oui', 'productClass', 'version'] as const) {
    if (fields[name].trim()) body.append(name, fields[name].trim())
  }
  for (const sibling of fields.siblings.split(/[\s,]+/)) if (sibling) body.append('siblings', sibling)
  body.append('file', file, file.name)
  return body
}

/** Uploads a file. Not by fetch, which tells nothing of what was sent. It throws a ProblemError, or an AbortError if it was cancelled. */
export function sendFile(file: File, fields: FileFields, { signal, onProgress }: SendOptions): Promise<StoredFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.upload.onprogress = ({ loaded, total, lengthComputable }) => lengthComputable && onProgress(total > 0 ? loaded / total : 1)
    request.onload = () => {
      const body = parsed(request.responseText)
      if (request.status >= 200 && request.status < 300) resolve(body as StoredFile)
      else reject(problemOf(body, responseOf(request)))
    }
    request.onerror = () => reject(new ProblemError('network', 0, ''))
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'))
    signal.addEventListener('abort', () => request.abort())
    request.open('POST', '/api/v1/files')
    request.setRequestHeader('Accept', 'application/json, application/problem+json')
    request.send(bodyOf(file, fields))
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function responseOf(request: XMLHttpRequest): Response {
  const wait = request.getResponseHeader('Retry-After')
  return new Response(null, { status: Math.max(200, request.status), headers: wait ? { 'Retry-After': wait } : {} })
}
