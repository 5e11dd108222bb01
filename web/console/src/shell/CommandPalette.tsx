import '@mantine/spotlight/styles.css'
import { useDebouncedValue } from '@mantine/hooks'
import { createSpotlight, Spotlight } from '@mantine/spotlight'
import { IconLanguage, IconLogout, IconMoon, IconSearch, IconSun, type Icon } from '@tabler/icons-react'
import { useQueries, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/auth/me'
import { useSignOut } from '@/auth/useSignOut'
import { pages } from '@/pages/registry'
import { useAppearance } from '@/preferences/useAppearance'
import { languages, type Language } from '@/text'
import { destinations, mayOpen } from './page'

const [store, spotlight] = createSpotlight()

interface Command {
  id: string
  label: string
  icon: Icon
  run: () => void
}

/** Goes to pages, finds things and does what the header does, by typing. It opens each time that openings grows. */
export default function CommandPalette({ openings }: { openings: number }) {
  const { t } = useTranslation()
  const [query, setQuery] = useState('')
  const wanted = query.trim().toLowerCase()
  useEffect(() => spotlight.open(), [openings])
  const toPages = usePageCommands().filter((c) => c.label.toLowerCase().includes(wanted))
  const actions = useActionCommands().filter((c) => c.label.toLowerCase().includes(wanted))
  const found = useFound(query.trim())
  const nothing = toPages.length + actions.length + found.reduce((sum, group) => sum + group.commands.length, 0) === 0
  return (
    <Spotlight.Root store={store} shortcut={null} query={query} onQueryChange={setQuery} scrollable maxHeight={420} overlayProps={{ blur: 0 }} transitionProps={{ duration: 0 }}
      attributes={{ content: { 'aria-label': t('palette.title') } }}>
      <Spotlight.Search placeholder={t('palette.placeholder')} aria-label={t('palette.placeholder')} leftSection={<IconSearch size={18} aria-hidden />}
        onKeyDown={runFirst} />
      <Spotlight.ActionsList>
        <CommandGroup label={t('palette.pages')} commands={toPages} />
        {found.map((group) => <CommandGroup key={group.title} label={t(group.title)} commands={group.commands} />)}
        <CommandGroup label={t('palette.actions')} commands={actions} />
        {nothing && <Spotlight.Empty>{t('palette.nothing')}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

/** Enter takes the first line where none is marked, as when it was found after the last key. */
function runFirst(event: KeyboardEvent<HTMLInputElement>) {
  if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
  const palette = event.currentTarget.closest('[role="dialog"]')
  if (!palette?.querySelector('[data-action][data-selected]')) palette?.querySelector<HTMLElement>('[data-action]')?.click()
}

function CommandGroup({ label, commands }: { label: string; commands: (Command & { description?: string })[] }) {
  if (commands.length === 0) return null
  return (
    <Spotlight.ActionsGroup label={label}>
      {commands.map((c) => (
        <Spotlight.Action key={c.id} label={c.label} description={c.description} leftSection={<c.icon size={18} aria-hidden />} onClick={c.run} />
      ))}
    </Spotlight.ActionsGroup>
  )
}

function usePageCommands(): Command[] {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return destinations(pages, useMe()).map((page) => ({
    id: page.path, label: t(page.title), icon: page.icon ?? IconSearch, run: () => void navigate({ to: page.path }),
  }))
}

function useActionCommands(): Command[] {
  const { t } = useTranslation()
  const appearance = useAppearance()
  const signOut = useSignOut()
  const others = (Object.keys(languages) as Language[]).filter((language) => language !== appearance.language)
  return [
    { id: 'light', label: t('palette.light'), icon: IconSun, run: () => appearance.chooseTheme('light') },
    { id: 'dark', label: t('palette.dark'), icon: IconMoon, run: () => appearance.chooseTheme('dark') },
    ...others.map((l) => ({ id: l, label: t('palette.language', { language: languages[l] }), icon: IconLanguage, run: () => appearance.chooseLanguage(l) })),
    { id: 'signOut', label: t('shell.signOut'), icon: IconLogout, run: () => signOut.mutate() },
  ]
}

const leastQuery = 2

/** Asks every page that can search for what was typed. */
function useFound(typed: string) {
  const [query] = useDebouncedValue(typed, 200)
  const me = useMe()
  const navigate = useNavigate()
  const client = useQueryClient()
  const searchable = pages.filter((page) => page.find && mayOpen(page, me))
  const results = useQueries({
    queries: searchable.map((page) => ({
      queryKey: ['found', page.path, query], enabled: query.length >= leastQuery, staleTime: 10_000,
      queryFn: ({ signal }: { signal: AbortSignal }) => page.find!({ text: query, signal, client }),
    })),
  })
  return searchable.map((page, i) => ({
    title: page.title,
    commands: (query.length >= leastQuery ? (results[i]?.data ?? []) : []).map((found) => ({
      ...found, id: `${page.path} ${found.id}`, icon: page.icon ?? IconSearch, run: () => void navigate({ to: found.to, search: (found.search ?? {}) as never }),
    })),
  }))
}
