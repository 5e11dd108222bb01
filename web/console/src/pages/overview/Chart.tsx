import 'uplot/dist/uPlot.min.css'
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import { localeOf } from '@/time/locale'
import type { Line } from './statistics'

const height = 150
const dashes = [[], [6, 3], [2, 3], [8, 3, 2, 3], [12, 4]]

/** Lines over time. The numbers stand beside it as text; the picture itself is for eyes only. */
export default function Chart({ times, lines }: { times: readonly string[]; lines: readonly Line[] }) {
  const host = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false })
  const { i18n } = useTranslation()
  useEffect(() => {
    const element = host.current
    if (!element) return
    const data: uPlot.AlignedData = [times.map((at) => Date.parse(at) / 1000), ...lines.map((line) => [...line.values])]
    const chart = new uPlot(optionsOf(element, lines, i18n.language), data, element)
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) chart.setSize({ width: element.clientWidth, height })
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      chart.destroy()
    }
    // The colours are read from the page, so that another appearance needs another chart.
  }, [times, lines, scheme, i18n.language])
  return <div ref={host} aria-hidden style={{ height }} />
}

function optionsOf(element: HTMLElement, lines: readonly Line[], language: string): uPlot.Options {
  const styles = getComputedStyle(element)
  const colour = (name: string) => styles.getPropertyValue(name).trim()
  const axis: uPlot.Axis = { stroke: colour('--mantine-color-dimmed'), grid: { stroke: colour('--mantine-color-default-border'), width: 1 }, ticks: { show: false }, font: '12px system-ui' }
  const whole = new Intl.NumberFormat(localeOf(language), { notation: 'compact' })
  const days = new Intl.DateTimeFormat(localeOf(language), { day: 'numeric', month: 'numeric' })
  const hours = new Intl.DateTimeFormat(localeOf(language), { hour: '2-digit', minute: '2-digit' })
  return {
    width: element.clientWidth || 300, height, legend: { show: false }, cursor: { drag: { x: false, y: false } },
    scales: { y: { range: (_, __, max) => [0, Math.max(1, max * 1.05)] } },
    axes: [
      { ...axis, space: 60, values: (_, splits, __, ___, step) => splits.map((s) => (step >= 86_400 ? days : hours).format(s * 1000)) },
      { ...axis, size: 44, values: (_, splits) => splits.map((s) => (Number.isInteger(s) ? whole.format(s) : '')) },
    ],
    series: [{}, ...lines.map((line, i): uPlot.Series => ({
      label: line.name, stroke: colour(`--overview-tone-${i}`), width: 1.5, dash: dashes[i % dashes.length], points: { show: false },
    }))],
  }
}
