import type { QueryClient } from '@tanstack/react-query'
import { keys } from '@/api/keys'

const channelName = 'dialtone.signIn'

/** Tells the other tabs of this browser, which share the session, that somebody signed in or out. */
export function tellOtherTabs() {
  const channel = new BroadcastChannel(channelName)
  channel.postMessage(null)
  channel.close()
}

/** Has this tab ask again who is signed in whenever another tab says that it changed. It returns what ends that. */
export function followOtherTabs(client: QueryClient): () => void {
  const channel = new BroadcastChannel(channelName)
  channel.onmessage = () => void client.refetchQueries({ queryKey: keys.me })
  return () => channel.close()
}
