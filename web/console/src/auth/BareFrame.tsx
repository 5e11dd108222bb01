import { Container, Group, Paper, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Logo } from '@/shell/Logo'

/** Surrounds a page of one form, for those whom the navigation is not for yet. */
export function BareFrame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Container size={420} py={{ base: 'xl', sm: 80 }} component="main">
      <Group justify="center" mb="lg"><Logo /></Group>
      <Paper withBorder p="lg">
        <Title order={1} tabIndex={-1} mb="md">{title}</Title>
        {children}
      </Paper>
    </Container>
  )
}
