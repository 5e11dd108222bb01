import { Code, Drawer } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { every, pathFor, type Family } from './paths'
import { SettingRow } from './SettingRow'
import classes from './settings.module.css'

interface InstanceDrawerProps {
  family: Family
  at: readonly string[]
  title: string
  onClose: () => void
}

/** Every setting of one instance, such as of account 2. What is changed waits in the editor. */
export function InstanceDrawer({ family, at, title, onClose }: InstanceDrawerProps) {
  const { t } = useTranslation()
  const name = at.map((index) => (index === every ? t('settings.every') : index)).join(' / ')
  return (
    <Drawer opened onClose={onClose} position="right" size="xl" title={<>{title}: {name} <Code fz="xs">{pathFor(family.prefix, family.indexes, at)}</Code></>} closeButtonProps={{ 'aria-label': t('parts.close') }}>
      <div className={classes.editor}>
        {family.settings.map((setting) => <SettingRow key={setting.path} setting={setting} path={pathFor(setting.path, family.indexes, at)} />)}
      </div>
    </Drawer>
  )
}
