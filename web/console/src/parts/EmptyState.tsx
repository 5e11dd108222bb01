import { Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './parts.module.css'

interface EmptyStateProps {
  title: string
  /** Why there is nothing, and what to do first. */
  children?: ReactNode
  /** The button that does it. */
  action?: ReactNode
}

/** Stands where there is nothing to show yet. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className={classes.empty}>
      <Title order={2} size="h3">{title}</Title>
      {children && <Text c="dimmed" mt={4} maw="36rem" mx="auto" component="div">{children}</Text>}
      {action && <div style={{ marginTop: 16 }}>{action}</div>}
    </div>
  )
}
