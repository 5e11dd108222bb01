import { get as request, type IncomingHttpHeaders } from 'node:http'
import { describe, expect, test } from 'vitest'
import { house } from './harness/scenario.ts'

/** What every answer of the console says beside its policy. */
const common = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

describe('security headers', () => {
  const home = house()

  // The fetch of Node says that it is no navigation.
  async function page(): Promise<{ headers: IncomingHttpHeaders; text: string }> {
    const answer = await new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
      request(`${home.server.origin}/`, { headers: { Accept: 'text/html' }, timeout: 10_000 }, (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => { text += chunk.toString() })
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }))
      }).on('error', reject)
    })
    expect(answer.status).toBe(200)
    return answer
  }

  function policy(headers: IncomingHttpHeaders): Map<string, string> {
    const directives = String(headers['content-security-policy'] ?? '').split(';').map((directive) => directive.trim().split(/ (.*)/))
    return new Map(directives.map(([name, value]) => [name!, value ?? '']))
  }

  test('of the page allow only what comes from the server itself', async () => {
    const { headers } = await page()
    const directives = policy(headers)
    expect(directives.get('default-src')).toBe("'none'")
    expect(directives.get('script-src')).toBe("'self'")
    expect(directives.get('style-src')).toMatch(/^'self' 'nonce-[\w+/=-]{16,}'$/)
    for (const [name, value] of Object.entries({ 'connect-src': "'self'", 'form-action': "'self'", 'base-uri': "'none'", 'frame-ancestors': "'none'" })) {
      expect(directives.get(name), name).toBe(value)
    }
    expect(headers['content-security-policy']).not.toMatch(/unsafe-|\*|https?:/)
    for (const [name, value] of Object.entries(common)) expect(headers[name], name).toBe(value)
    expect(headers['permissions-policy']).toContain('camera=()')
    expect(headers['cache-control']).toMatch(/no-(cache|store)/)
  })

  test('have a nonce of their own for each page', async () => {
    const [first, second] = [await page(), await page()]
    expect(policy(first.headers).get('style-src')).not.toBe(policy(second.headers).get('style-src'))
  })

  test('of an asset allow to keep it for ever, and guard it', async () => {
    const name = /src="(\/assets\/[^"]+\.js)"/.exec((await page()).text)![1]!
    const answer = await fetch(home.server.origin + name)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^text\/javascript/)
    expect(answer.headers.get('cache-control')).toContain('immutable')
    for (const [header, value] of Object.entries(common)) expect(answer.headers.get(header), header).toBe(value)
  })

  test('of an API answer forbid to take it for a page, and to keep it', async () => {
    const answer = await home.admin.send('GET', 'me')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('cache-control')).toContain('no-store')
  })

  test('of a refusal are the same as those of an answer', async () => {
    const answer = await fetch(`${home.server.origin}/api/v1/devices`)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await answer.json()).toMatchObject({ type: 'urn:dialtone:problem:unauthenticated' })
  })

  test('do not let another site use the cookie', async () => {
    const signedIn = await fetch(`${home.server.origin}/api/v1/signIn`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: 'admin', password: home.server.firstPassword }),
    })
    expect(signedIn.status).toBe(200)
    const set = signedIn.headers.get('set-cookie') ?? ''
    expect(set).toMatch(/^dialtone=/)
    expect(set).toContain('HttpOnly')
    expect(set).toContain('SameSite=Lax')
    const forged = await fetch(`${home.server.origin}/api/v1/groups`, {
      method: 'POST', body: JSON.stringify({ path: 'forged' }),
      headers: { 'Content-Type': 'application/json', 'Cookie': set.split(';')[0]!, 'Origin': 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
    })
    expect(forged.status).toBe(403)
  })
})
