import { Group, Text, Title } from '@mantine/core'
import { useEffect, type ReactNode } from 'react'
import classes from './parts.module.css'

interface PageHeaderProps {
  title: string
  /** What the words on the page mean, for somebody who meets them for the first time. */
  children?: ReactNode
  /** Buttons of the whole page. */
  actions?: ReactNode
}

/** The heading of a page. Every page has exactly one; it names the browser's tab, too. */
export function PageHeader({ title, children, actions }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · Dialtone`
  }, [title])
  return (
    <header className={classes.pageHeader}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Title order={1} tabIndex={-1}>{title}</Title>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children && <Text c="dimmed" maw="46rem" mt={4} component="div">{children}</Text>}
    </header>
  )
}
