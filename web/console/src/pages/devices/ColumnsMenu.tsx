import { ActionIcon, Button, Checkbox, Group, Popover } from '@mantine/core'
import { IconChevronDown, IconChevronUp, IconColumns3 } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { moved, type Column } from './columns'
import { useColumnTitle } from './useColumnTitle'

interface ColumnsMenuProps {
  every: readonly Column[]
  shown: readonly Column[]
  onChange: (names: string[]) => void
}

/** Chooses the columns of the table and their order. */
export function ColumnsMenu({ every, shown, onChange }: ColumnsMenuProps) {
  const { t } = useTranslation()
  const names = shown.map((c) => c.name)
  const others = every.filter((c) => !names.includes(c.name))
  return (
    <Popover position="bottom-end" width={320} trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} aria-hidden />}>{t('devices.columns.title')}</Button>
      </Popover.Target>
      <Popover.Dropdown mah={460} style={{ overflowY: 'auto' }} aria-label={t('devices.columns.title')}>
        {shown.map((column, i) => (
          <ColumnLine key={column.name} name={column.name} checked locked={names.length === 1} onToggle={() => onChange(names.filter((n) => n !== column.name))}>
            <Mover name={column.name} by={-1} disabled={i === 0} onMove={() => onChange(moved(names, column.name, -1))} />
            <Mover name={column.name} by={1} disabled={i === names.length - 1} onMove={() => onChange(moved(names, column.name, 1))} />
          </ColumnLine>
        ))}
        {others.map((column) => <ColumnLine key={column.name} name={column.name} onToggle={() => onChange([...names, column.name])} />)}
        <Button variant="subtle" mt="xs" onClick={() => onChange([])}>{t('devices.columns.standard')}</Button>
      </Popover.Dropdown>
    </Popover>
  )
}

interface ColumnLineProps {
  name: string
  checked?: boolean
  locked?: boolean
  onToggle: () => void
  children?: React.ReactNode
}

function ColumnLine({ name, checked = false, locked = false, onToggle, children }: ColumnLineProps) {
  const title = useColumnTitle()
  return (
    <Group justify="space-between" wrap="nowrap" mih={36}>
      <Checkbox label={title(name)} checked={checked} disabled={locked} onChange={onToggle} />
      <Group gap={0} wrap="nowrap">{children}</Group>
    </Group>
  )
}

function Mover({ name, by, disabled, onMove }: { name: string; by: -1 | 1; disabled: boolean; onMove: () => void }) {
  const { t } = useTranslation()
  const title = useColumnTitle()
  return (
    <ActionIcon size="md" disabled={disabled} onClick={onMove} aria-label={t(by < 0 ? 'devices.columns.earlier' : 'devices.columns.later', { column: title(name) })}>
      {by < 0 ? <IconChevronUp size={18} aria-hidden /> : <IconChevronDown size={18} aria-hidden />}
    </ActionIcon>
  )
}
