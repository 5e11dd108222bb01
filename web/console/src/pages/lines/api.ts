import { useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { Line, Schemas } from '@/api/types'
import { usePages } from '@/listing/usePages'

/** The lines of a group and of those below it whose number, user or name has the text. */
export function useLines(group: string, search: string) {
  const asked = { ...(group && { group }), ...(search && { search }) }
  return usePages<Line>({
    queryKey: keys.lines(asked),
    read: (pageToken, signal) => answer(api.GET('/api/v1/lines', { params: { query: { ...asked, pageSize: 200, pageToken } }, signal })),
  })
}

/** Has lines read anew, and what devices have of them. */
function useForget() {
  const client = useQueryClient()
  return () => {
    void client.invalidateQueries({ queryKey: ['settings'] })
    return client.invalidateQueries({ queryKey: ['lines'] })
  }
}

export function useCreateLine() {
  return useMutation({
    mutationFn: (body: Schemas['NewLine']) => answer(api.POST('/api/v1/lines', { body })),
    onSuccess: useForget(),
  })
}

const line = ({ id, revision }: Line) => ({ path: { line: id }, header: { 'If-Match': `"r${revision}"` } })

/** Changes a line if nobody was faster. */
export function useChangeLine(of: Line) {
  return useMutation({
    mutationFn: (body: Schemas['LinePatch']) =>
      answer(api.PATCH('/api/v1/lines/{line}', { params: line(of), body, headers: { 'Content-Type': 'application/merge-patch+json' } })),
    onSuccess: useForget(),
  })
}

export function useDeleteLine(of: Line) {
  return useMutation({ mutationFn: () => answer(api.DELETE('/api/v1/lines/{line}', { params: line(of) })), onSuccess: useForget() })
}
