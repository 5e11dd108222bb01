import { Card, Group, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

interface PartProps {
  id: string
  title: string
  explanation?: string
  /** Its table is a landmark with this title itself. */
  table?: boolean
  actions?: ReactNode
  children: ReactNode
}

/** A part of the tab with its heading. */
export function Part({ id, title, explanation, table = false, actions, children }: PartProps) {
  return (
    <Card withBorder component="section" aria-labelledby={table ? undefined : id}>
      <Group justify="space-between" align="flex-start" mb={explanation ? 0 : 'xs'}><Title order={2} id={id}>{title}</Title>{actions}</Group>
      {explanation && <Text c="dimmed" size="xs" mb="xs" maw="60rem">{explanation}</Text>}
      {children}
    </Card>
  )
}
