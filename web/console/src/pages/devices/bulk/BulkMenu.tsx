import { Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { meQuery } from '@/auth/me'
import { bulkActions, type BulkAction } from './actions'

/** What can be done with the selected devices. What the viewer may not do says so. */
export function BulkMenu({ onChoose }: { onChoose: (action: BulkAction) => void }) {
  const { t } = useTranslation()
  const { data: me } = useQuery(meQuery)
  return (
    <Menu position="bottom-start" width={270}>
      <Menu.Target>
        <Button size="xs" rightSection={<IconChevronDown size={16} aria-hidden />}>{t('devices.bulk.menu')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {bulkActions.map(({ action, icon: Sign, permission, disruptive }) => {
          const may = me?.permissions.includes(permission) ?? false
          return (
            <Menu.Item key={action} leftSection={<Sign size={18} aria-hidden />} disabled={!may} onClick={() => onChoose(action)} {...(disruptive && may ? { style: { color: 'var(--dialtone-bad)' } } : {})}>
              {t(`devices.bulk.action.${action}`)}
              {!may && <><br /><small>{t('devices.lacksPermission', { permission })}</small></>}
            </Menu.Item>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}
