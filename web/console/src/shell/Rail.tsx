import { Tooltip } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/auth/me'
import { pages } from '@/pages/registry'
import { mayOpen, sections, type PageEntry, type Section } from './page'
import classes from './Rail.module.css'

/** The navigation: the pages that the viewer may open, by section. */
export function Rail() {
  const me = useMe()
  const shown = pages.filter((page) => page.section && mayOpen(page, me))
  return (
    <div className={classes.sections}>
      {sections.map((section) => {
        const own = shown.filter((page) => page.section === section)
        return own.length > 0 && <RailSection key={section} section={section} pages={own} />
      })}
    </div>
  )
}

function RailSection({ section, pages: own }: { section: Section; pages: PageEntry[] }) {
  const { t } = useTranslation()
  const id = `rail-${section}`
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className={classes.heading}>{t(`shell.section.${section}`)}</h2>
      <ul className={classes.list}>
        {own.map((page) => <li key={page.path}><RailLink page={page} /></li>)}
      </ul>
    </section>
  )
}

function RailLink({ page }: { page: PageEntry }) {
  const { t } = useTranslation()
  const narrow = useMediaQuery('(min-width: 48em) and (max-width: 74.99em)', undefined, { getInitialValueInEffect: false })
  const title = t(page.title)
  return (
    <Tooltip label={title} position="right" disabled={!narrow}>
      <Link to={page.path} className={classes.link} activeOptions={{ exact: page.path === '/' }}>
        {page.icon && <page.icon size={20} stroke={1.7} aria-hidden />}
        <span className={classes.label}>{title}</span>
      </Link>
    </Tooltip>
  )
}
