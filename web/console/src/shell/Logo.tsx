import { Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import classes from './Logo.module.css'

/** The name of the program, which leads to the first page. */
export function Logo() {
  return (
    <Link to="/" className={classes.logo} aria-label="Dialtone">
      <Group gap={8} wrap="nowrap">
        <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden>
          <rect width="32" height="32" rx="7" fill="#155e8a" />
          <path d="M4 16c4-12 8-12 12 0s8 12 12 0" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
        </svg>
        <Text fw={600} size="lg" visibleFrom="xs">Dialtone</Text>
      </Group>
    </Link>
  )
}
