import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Loading } from './Loading'
import { ProblemAlert } from './ProblemAlert'

interface LoadedProps<Data> {
  query: UseQueryResult<Data>
  children: (data: Data) => ReactNode
}

/** Shows the answer of a query: the wait for it, the problem with it, or what the function makes of it. */
export function Loaded<Data>({ query, children }: LoadedProps<Data>) {
  const retry = () => void query.refetch()
  return (
    <>
      {query.isError && <ProblemAlert problem={query.error} retry={retry} mb="md" />}
      {query.isPending && <Loading />}
      {query.data !== undefined && children(query.data)}
    </>
  )
}
