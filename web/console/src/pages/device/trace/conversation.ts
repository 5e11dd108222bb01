import type { TraceMessage, TraceOrder } from '@/api/types'

/** The messages of one session, the oldest first. */
export interface Conversation {
  session: string
  messages: TraceMessage[]
}

/** Puts messages together by session, the session that began last first. Sessions of one device may overlap: a new one ends the one before. */
export function conversationsOf(messages: readonly TraceMessage[]): Conversation[] {
  const bySession = new Map<string, Conversation>()
  for (const message of messages) {
    const known = bySession.get(message.session)
    if (known) known.messages.push(message)
    else bySession.set(message.session, { session: message.session, messages: [message] })
  }
  return [...bySession.values()].reverse()
}

/** The HTTP status of an answer, such as "200 OK"; empty for a request. */
export function statusOf(start: string): string {
  return /^HTTP\/[\d.]+ (\d{3}.*)$/.exec(start)?.[1]?.trim() ?? ''
}

/** Reports whether an answer says that something went wrong. */
export function isRefusal(message: Pick<TraceMessage, 'start' | 'method'>): boolean {
  return message.method === 'Fault' || /^[45]/.test(statusOf(message.start))
}

/** How many bytes the body of a message had, those included that were left out. */
export function sizeOf(message: Pick<TraceMessage, 'body' | 'cut'>): number {
  return new TextEncoder().encode(message.body).length + message.cut
}

/** The order that traces this device now and ends last; undefined if none does. Those by filter may or may not mean it. */
export function activeOrder(orders: readonly TraceOrder[], device: string): TraceOrder | undefined {
  return orders.filter((order) => order.active && order.device === device).sort((a, b) => b.until.localeCompare(a.until))[0]
}

/** The orders for many devices that are in force; whether they mean a device only the server knows. */
export function activeFilters(orders: readonly TraceOrder[]): TraceOrder[] {
  return orders.filter((order) => order.active && Boolean(order.filter))
}
