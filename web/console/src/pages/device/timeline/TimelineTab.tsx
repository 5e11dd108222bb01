import { Chip, Group, Text } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLiveChanges } from '@/live/LiveProvider'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { timelineQuery } from '../api'
import { useDeviceScope } from '../context'
import { LoadMore } from '../LoadMore'
import { useDeviceSearch } from '../search'
import { linesOf, readKinds, timelineKinds, writeKinds, type Line } from './days'
import { patchTimeline } from './live'
import classes from './timeline.module.css'
import { TimelineLine } from './TimelineLine'

/** Everything that happened to the device, the newest first, read on as it is scrolled. */
export function TimelineTab() {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const client = useQueryClient()
  const [{ kinds: text }, change] = useDeviceSearch()
  const kinds = readKinds(text)
  const timeline = useInfiniteQuery(timelineQuery(device.id))
  useLiveChanges('task', (changes) => patchTimeline(client, device.id, changes))
  useLiveChanges('session', (changes) => patchTimeline(client, device.id, changes))
  return (
    <>
      <Text c="dimmed" size="xs" mb="xs" maw="60rem">{t('device.timeline.explanation')}</Text>
      <Chip.Group multiple value={[...kinds]} onChange={(next) => change({ kinds: writeKinds(next) }, { replace: true })}>
        <Group gap="xs" mb="sm" role="group" aria-label={t('device.timeline.filter')}>
          {timelineKinds.map((kind) => <Chip key={kind} value={kind} size="xs">{t(`device.timeline.kind.${kind}`)}</Chip>)}
        </Group>
      </Chip.Group>
      <Loaded query={timeline}>
        {({ pages }) => {
          const lines = linesOf(pages.flatMap((page) => page.items), kinds)
          if (lines.length === 0 && !timeline.hasNextPage) return <EmptyState title={t('device.timeline.none')}>{t('device.timeline.noneTry')}</EmptyState>
          return <Lines lines={lines} />
        }}
      </Loaded>
      <LoadMore query={timeline} />
    </>
  )
}

/** The lines, of which only those near the visible part exist. */
function Lines({ lines }: { lines: readonly Line[] }) {
  const list = useRef<HTMLOListElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), [])
  const keys = useMemo(() => lines.map((line) => line.key), [lines])
  const virtual = useWindowVirtualizer({
    count: lines.length, estimateSize: (i) => (lines[i]?.kind === 'day' ? 40 : 48), overscan: 10, scrollMargin: top, getItemKey: (i) => keys[i] ?? i,
  })
  return (
    <ol ref={list} className={classes.list} style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map(({ index, key, start }) => (
        <li key={key} ref={virtual.measureElement} data-index={index} className={classes.place} style={{ transform: `translateY(${start - top}px)` }}>
          <TimelineLine line={lines[index]!} />
        </li>
      ))}
    </ol>
  )
}
