import type { CDPSession, Page } from 'playwright-core'

/** What a page takes. */
export interface PageVitals {
  /** Memory of JavaScript in use after everything that is not used was collected, in bytes. */
  heap: number
  /** Nodes of the document, and those that only scripts still know. */
  nodes: number
  /** How many events came since the watch began. */
  events: number
}

/** Watches what an open page takes and receives. */
export class PageWatch {
  private events = 0

  private constructor(private readonly protocol: CDPSession) {
    protocol.on('Network.eventSourceMessageReceived', () => { this.events++ })
  }

  /** Begins to watch. */
  static async of(page: Page): Promise<PageWatch> {
    const protocol = await page.context().newCDPSession(page)
    const watch = new PageWatch(protocol)
    await protocol.send('Network.enable')
    await protocol.send('Performance.enable')
    return watch
  }

  /** Has the page collect its garbage, and returns what is left. */
  async vitals(): Promise<PageVitals> {
    // Nodes that only garbage held are garbage themselves afterwards.
    await this.protocol.send('HeapProfiler.collectGarbage')
    await this.protocol.send('HeapProfiler.collectGarbage')
    const { metrics } = await this.protocol.send('Performance.getMetrics')
    const value = (name: string) => {
      const found = metrics.find((metric) => metric.name === name)
      if (!found) throw new Error(`the browser does not tell ${name}`)
      return found.value
    }
    return { heap: value('JSHeapUsedSize'), nodes: value('Nodes'), events: this.events }
  }
}

/** What a server takes. */
export interface ServerVitals {
  /** Resident memory in bytes. */
  resident: number
  goroutines: number
}

/** Reads what a server tells of itself. */
export async function serverVitals(origin: string): Promise<ServerVitals> {
  const answer = await fetch(`${origin}/metrics`, { signal: AbortSignal.timeout(30_000) })
  const text = await answer.text()
  const value = (name: string) => {
    const found = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)
    if (!found) throw new Error(`the server does not tell ${name}: ${answer.status}`)
    return Number(found[1])
  }
  return { resident: value('process_resident_memory_bytes'), goroutines: value('go_goroutines') }
}
