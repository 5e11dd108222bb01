import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import { changedSearch, textsOf, type Texts } from './urlTexts'

interface Options {
  /** Goes back to the present address instead of noting it in the history: for what is typed. */
  replace?: boolean
}

/** The named parameters of the page's address as texts, and how to change some of them. An empty text removes one. */
export function useUrlState<Name extends string>(
  names: readonly Name[],
): [Texts<Name>, (change: Partial<Texts<Name>>, options?: Options) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const change = useCallback(
    (changed: Partial<Texts<Name>>, { replace = false }: Options = {}) => {
      const next = (old: Record<string, unknown>) => changedSearch(old, changed)
      void navigate({ to: '.', search: next as never, replace, resetScroll: false })
    },
    [navigate],
  )
  return [textsOf(search, names), change]
}
