import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useReducer, useRef } from 'react'
import { checksumOf, compared } from './checksum'
import { guessedFields } from './fields'
import { nextOf, queueAfter, type Queued } from './queue'
import { sendFile } from './sendFile'

let lastId = 0

/** The files to upload, one after the other: two at once would only share the line. */
export function useUploads() {
  const client = useQueryClient()
  const [queue, act] = useReducer(queueAfter, [])
  const sending = useRef(new Map<number, AbortController>())
  const next = nextOf(queue)

  useEffect(() => {
    if (!next || sending.current.has(next.id)) return
    const controller = new AbortController()
    const { id } = next
    sending.current.set(id, controller)
    act({ do: 'stage', id, state: { stage: 'sending', part: 0 } })
    upload(next, controller.signal, (part) => act({ do: 'stage', id, state: { stage: 'sending', part } }))
      .then((done) => {
        act({ do: 'stage', id, state: { stage: 'done', ...done } })
        void client.invalidateQueries({ queryKey: ['files'] })
      })
      .catch((problem: unknown) => act({ do: 'stage', id, state: controller.signal.aborted ? { stage: 'ready' } : { stage: 'failed', problem } }))
      .finally(() => sending.current.delete(id))
  }, [next, client])

  // Leaving the page ends what is on its way; the browser would, too.
  useEffect(() => {
    const all = sending.current
    return () => { for (const controller of all.values()) controller.abort() }
  }, [])

  return {
    queue,
    act,
    add: (files: readonly File[]) => act({ do: 'add', files: files.map((file) => ({ id: ++lastId, file, fields: guessedFields(file.name), state: { stage: 'ready' } })) }),
    cancel: (id: number) => {
      const controller = sending.current.get(id)
      if (controller) controller.abort()
      else act({ do: 'stage', id, state: { stage: 'ready' } })
    },
  }
}

async function upload({ file, fields }: Queued, signal: AbortSignal, onProgress: (part: number) => void) {
  // While the file is on its way there is time to read it a second time.
  const [stored, here] = await Promise.all([sendFile(file, fields, { signal, onProgress }), checksumOf(file).catch(() => undefined)])
  return { stored, checksum: compared(here, stored.sha256) }
}
