import { Button, Center } from '@mantine/core'
import { useIntersection } from '@mantine/hooks'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

interface Pages {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  isFetchNextPageError: boolean
  fetchNextPage: () => unknown
}

/** Reads the next page once the end of a list comes into view, and is a button for those who do not scroll. */
export function LoadMore({ query }: { query: Pages }) {
  const { t } = useTranslation()
  const { ref, entry } = useIntersection({ rootMargin: '400px' })
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query
  const seen = entry?.isIntersecting ?? false
  useEffect(() => {
    if (seen && hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage()
  }, [seen, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage])
  if (!hasNextPage) return null
  return <Center ref={ref} py="sm"><Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('device.loadMore')}</Button></Center>
}
