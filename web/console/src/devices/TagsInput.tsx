import { TagsInput as Input } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { summaryQuery } from './summary'

interface TagsInputProps {
  label: string
  value: string[]
  onChange: (tags: string[]) => void
  error?: ReactNode
  atOnce?: boolean
}

const shown = 50

/** Takes tags and offers those that devices have already. */
export function TagsInput({ atOnce, onChange, ...rest }: TagsInputProps) {
  const { t } = useTranslation()
  // The list is closed once a tag is taken: it would lie over what comes next.
  const [open, setOpen] = useState(false)
  const take = (tags: string[]) => {
    setOpen(false)
    onChange(tags)
  }
  const { data } = useQuery(summaryQuery)
  return (
    <Input {...rest} onChange={take} dropdownOpened={open} onDropdownOpen={() => setOpen(true)} onDropdownClose={() => setOpen(false)} data={(data?.tags ?? []).map((tag) => tag.tag)} limit={shown} description={t('devices.tagsHow')} data-autofocus={atOnce || undefined}
      acceptValueOnBlur clearable clearButtonProps={{ 'aria-label': t('devices.tagsClear') }} />
  )
}
