import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'

interface ChoiceMenuProps<Value extends string> {
  label: string
  icon: Icon
  /** The choices and what they are called. */
  options: Record<Value, string>
  value: Value
  onChange: (value: Value) => void
}

/** A button with an icon that opens a menu to choose one of a few. */
export function ChoiceMenu<Value extends string>({ label, icon: Icon, options, value, onChange }: ChoiceMenuProps<Value>) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label={label}><ActionIcon aria-label={label}><Icon size={20} /></ActionIcon></Tooltip>
      </Menu.Target>
      <Menu.Dropdown aria-label={label}>
        <Menu.RadioGroup value={value} onChange={(chosen) => onChange(chosen as Value)}>
          {(Object.entries(options) as [Value, string][]).map(([option, text]) => (
            <Menu.RadioItem key={option} value={option} closeMenuOnClick>{text}</Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}
