import { AddInstance } from './AddInstance'
import { DeleteInstance } from './DeleteInstance'
import { Notification } from './Notification'
import { Reveal } from './Reveal'
import { Review } from './Review'

/** What a line of the tree, or the bar below it, asks to be opened. */
export type DialogRequest =
  | { kind: 'review' }
  | { kind: 'reveal' | 'notification' | 'add' | 'delete'; path: string }

/** The dialogs of the tree; one at a time. */
export function Dialogs({ request, onClose }: { request: DialogRequest | undefined; onClose: () => void }) {
  switch (request?.kind) {
    case 'review':
      return <Review onClose={onClose} />
    case 'reveal':
      return <Reveal path={request.path} onClose={onClose} />
    case 'notification':
      return <Notification path={request.path} onClose={onClose} />
    case 'add':
      return <AddInstance path={request.path} onClose={onClose} />
    case 'delete':
      return <DeleteInstance path={request.path} onClose={onClose} />
    default:
      return null
  }
}
