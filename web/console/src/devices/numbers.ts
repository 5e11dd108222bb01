import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

/** Writes numbers as the viewer's language does. */
export function numbers(language: string) {
  const whole = new Intl.NumberFormat(language)
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 })
  return {
    count: (n: number) => whole.format(n),
    /** A part of a whole, such as 12.5 %; nothing of nothing is 0 %. What is there is never shown as 0 %, nor a part as 100 %. */
    share: (part: number, of: number) => percent.format(of === 0 ? 0 : honest(part / of)),
  }
}

function honest(share: number): number {
  if (share <= 0 || share >= 1) return Math.max(0, Math.min(1, share))
  return Math.min(0.999, Math.max(0.001, share))
}

export function useNumbers() {
  const { i18n } = useTranslation()
  return useMemo(() => numbers(i18n.language), [i18n.language])
}
