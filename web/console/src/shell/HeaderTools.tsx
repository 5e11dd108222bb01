import { ActionIcon, Button, Group, Kbd, Text, Tooltip, type MantineColorScheme } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconDeviceDesktop, IconKeyboard, IconLanguage, IconMoon, IconSearch, IconSun } from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LiveIndicator } from '@/live/LiveIndicator'
import { useAppearance } from '@/preferences/useAppearance'
import { languages } from '@/text'
import { ChoiceMenu } from './ChoiceMenu'
import { useShortcuts } from './useShortcuts'
import { UserMenu } from './UserMenu'

const loadPalette = () => import('./CommandPalette')
const CommandPalette = lazy(loadPalette)
const ShortcutHelp = lazy(() => import('./ShortcutHelp'))

/** How long the page itself goes first, in milliseconds. */
const paletteDelay = 500

/** The tools at the end of the header, and the keys that do the same. */
export function HeaderTools() {
  // Each opening counts up, so that a lazy part knows of the first one, too.
  const [palette, setPalette] = useState(0)
  const [help, setHelp] = useState(false)
  const openPalette = () => setPalette((n) => n + 1)
  useHotkeys([['mod+K', openPalette]], [], true)
  useShortcuts(() => setHelp(true))
  // What somebody types behind Ctrl+K before the palette is there would be lost: it is fetched before.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette().catch(() => undefined), paletteDelay)
    return () => clearTimeout(timer)
  }, [])
  return (
    <Group gap={4} wrap="nowrap" role="group">
      <SearchButton onClick={openPalette} />
      <LiveIndicator />
      <HelpButton onClick={() => setHelp(true)} />
      <ThemeMenu />
      <LanguageMenu />
      <UserMenu />
      <Suspense>
        {palette > 0 && <CommandPalette openings={palette} />}
        {help && <ShortcutHelp onClose={() => setHelp(false)} />}
      </Suspense>
    </Group>
  )
}

function SearchButton({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation()
  return (
    <>
      <Button variant="default" onClick={onClick} leftSection={<IconSearch size={16} aria-hidden />} rightSection={<Kbd size="xs">Ctrl K</Kbd>} visibleFrom="sm" mr="xs">
        <Text size="sm" c="dimmed">{t('shell.search')}</Text>
      </Button>
      <ActionIcon onClick={onClick} hiddenFrom="sm" aria-label={t('shell.search')}><IconSearch size={20} /></ActionIcon>
    </>
  )
}

function HelpButton({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation()
  return (
    <Tooltip label={t('shortcuts.title')}>
      <ActionIcon onClick={onClick} visibleFrom="sm" aria-label={t('shortcuts.title')}><IconKeyboard size={20} /></ActionIcon>
    </Tooltip>
  )
}

const themeIcons = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop }

function ThemeMenu() {
  const { t } = useTranslation()
  const { theme, chooseTheme } = useAppearance()
  const options = { light: t('shell.theme.light'), dark: t('shell.theme.dark'), auto: t('shell.theme.auto') } satisfies Record<MantineColorScheme, string>
  return <ChoiceMenu label={t('shell.theme.title')} icon={themeIcons[theme]} options={options} value={theme} onChange={chooseTheme} />
}

function LanguageMenu() {
  const { t } = useTranslation()
  const { language, chooseLanguage } = useAppearance()
  return <ChoiceMenu label={t('shell.language')} icon={IconLanguage} options={languages} value={language} onChange={chooseLanguage} />
}
