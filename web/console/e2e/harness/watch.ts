import type { BrowserContext, Page } from 'playwright-core'

/** What a browser may not do in a test, and did. */
export class Watch {
  private readonly seen: string[] = []

  private constructor(private readonly origin: string, private readonly refusals: RegExp[]) {}

  /**
   * Watches everything that pages of the context do. Refusals are the requests, such as
   * "401 GET /api/v1/me", that the server is expected to refuse.
   */
  static async over(context: BrowserContext, origin: string, refusals: RegExp[]): Promise<Watch> {
    const watch = new Watch(origin, [/^401 GET \/api\/v1\/me$/, ...refusals])
    await context.exposeBinding('dialtoneViolation', (_, text: string) => { watch.note(`Content-Security-Policy: ${text}`) })
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        const tell = (window as unknown as { dialtoneViolation: (text: string) => void }).dialtoneViolation
        tell(`${event.violatedDirective} at ${event.sourceFile}:${event.lineNumber}, blocked ${event.blockedURI}, sample ${event.sample}`)
      })
    })
    context.on('page', (page) => watch.follow(page))
    context.on('request', (request) => {
      const url = new URL(request.url())
      if (url.origin !== origin && !['data:', 'blob:', 'about:'].includes(url.protocol)) watch.note(`request to another origin: ${request.url()}`)
    })
    context.on('response', (response) => {
      if (response.status() < 400) return
      const refusal = `${response.status()} ${response.request().method()} ${new URL(response.url()).pathname}`
      if (!watch.refusals.some((expected) => expected.test(refusal))) watch.note(`the server refused: ${refusal}`)
    })
    return watch
  }

  private follow(page: Page): void {
    page.on('pageerror', (error) => this.note(`error in the page: ${error.stack ?? error.message}`))
    page.on('crash', () => this.note('the page crashed'))
    page.on('console', (message) => {
      // What the server refused is judged by its status, above.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) this.note(`console: ${message.text()}`)
    })
  }

  private note(text: string): void { this.seen.push(text.replaceAll(this.origin, '')) }

  /** Throws if anything was seen. */
  check(): void {
    if (this.seen.length > 0) throw new Error(`the browser did what it may not:\n${this.seen.slice(0, 20).join('\n')}`)
  }
}
