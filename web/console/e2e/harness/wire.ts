import type { Page } from 'playwright-core'
import { openSettled } from './settled.ts'

/** What came over the wire for one address. */
export interface Transfer {
  path: string
  /** Body, as compressed, and headers. */
  bytes: number
  encoding: string
}

/** Opens a page with nothing cached, and returns what the browser received until the page was complete. */
export async function firstLoad(page: Page, path: string): Promise<Transfer[]> {
  const protocol = await page.context().newCDPSession(page)
  const asked = new Map<string, Transfer>()
  const done: Transfer[] = []
  const cached: string[] = []
  protocol.on('Network.requestWillBeSent', ({ requestId, request }) => {
    asked.set(requestId, { path: new URL(request.url).pathname, bytes: 0, encoding: '' })
  })
  protocol.on('Network.requestServedFromCache', ({ requestId }) => cached.push(asked.get(requestId)?.path ?? requestId))
  protocol.on('Network.responseReceived', ({ requestId, response }) => {
    if (response.fromDiskCache) cached.push(response.url)
    const header = Object.entries(response.headers).find(([name]) => name.toLowerCase() === 'content-encoding')
    const transfer = asked.get(requestId)
    if (transfer) transfer.encoding = header?.[1] ?? 'plain'
  })
  protocol.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const transfer = asked.get(requestId)
    if (transfer) done.push({ ...transfer, bytes: encodedDataLength })
  })
  await protocol.send('Network.enable')
  await protocol.send('Network.clearBrowserCache')
  await openSettled(page, path)
  await protocol.detach()
  // A figure of bytes that did not travel would be too good.
  if (cached.length > 0) throw new Error(`from the cache although it was emptied: ${cached.join(', ')}`)
  return done
}
