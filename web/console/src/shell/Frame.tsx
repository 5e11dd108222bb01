import { AppShell, Burger, Group } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { meQuery } from '@/auth/me'
import { LiveProvider } from '@/live/LiveProvider'
import { Loading } from '@/parts/Loading'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useChosenAppearance } from '@/preferences/useAppearance'
import classes from './Frame.module.css'
import { HeaderTools } from './HeaderTools'
import { Leave } from './Leave'
import { Logo } from './Logo'
import { Rail } from './Rail'
import { useFocusOnNavigation } from './useFocusOnNavigation'
import { useLikelyPages } from './useLikelyPages'

/** What surrounds every page of those who are signed in; it sends everybody else to sign in. */
export function Frame() {
  const me = useQuery(meQuery)
  if (me.isPending) return <Loading />
  if (me.data === undefined) return <ProblemAlert problem={asProblem(me.error)} retry={() => void me.refetch()} m="xl" />
  if (me.data === null) return <Leave to="/sign-in" />
  if (me.data.mustChangePassword) return <Leave to="/change-password" />
  // A page of somebody else has nothing to keep, not even what was typed.
  return <LiveProvider key={me.data.actor}><Surroundings /></LiveProvider>
}

function Surroundings() {
  const { t } = useTranslation()
  const [opened, { toggle, close }] = useDisclosure()
  const phone = useMediaQuery('(max-width: 47.99em)', undefined, { getInitialValueInEffect: false })
  const path = useRouterState({ select: (state) => state.location.pathname })
  useEffect(close, [path, close])
  useFocusOnNavigation()
  useChosenAppearance()
  useLikelyPages()
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: { base: 240, sm: 60, lg: 208 }, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'sm', sm: 'md' }}
    >
      <a href="#main" className={classes.skip}>{t('shell.skip')}</a>
      <AppShell.Header className={classes.header}>
        <Group gap="xs" wrap="nowrap">
          <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('shell.navigation')} aria-expanded={opened} />
          <Logo />
        </Group>
        <HeaderTools />
      </AppShell.Header>
      <AppShell.Navbar aria-label={t('shell.navigation')} className={classes.rail}>{(!phone || opened) && <Rail />}</AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}><Outlet /></AppShell.Main>
    </AppShell>
  )
}
