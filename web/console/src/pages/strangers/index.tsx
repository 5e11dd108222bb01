import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Stranger } from '@/api/types'
import { useMay } from '@/auth/me'
import { VirtualTable } from '@/listing/VirtualTable'
import { ConfirmDeed } from '@/parts/ConfirmDeed'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { PageHeader } from '@/parts/PageHeader'
import { usualAddress } from '@/provisioning/address'
import { Copied } from '@/provisioning/Copied'
import { Adopt } from './Adopt'
import { strangerName } from './adoption'
import { useForgetStranger, useStrangers } from './api'
import { useStrangerColumns } from './columns'

/** The phones that asked for files and are not known. */
export default function StrangersPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const maySettings = useMay('settings.write')
  const mayAdopt = useMay('devices.write') && maySettings
  const { query, items, more } = useStrangers()
  const [adopted, setAdopted] = useState<Stranger>()
  const [forgotten, setForgotten] = useState<Stranger>()
  const columns = useStrangerColumns({ ...(mayAdopt && { onAdopt: setAdopted }), ...(maySettings && { onForget: setForgotten }) })
  const reload = <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} loading={query.isRefetching} onClick={() => void query.refetch()}>{t('fetches.reload')}</Button>
  return (
    <>
      <PageHeader title={t('strangers.title')} actions={reload}>{t('strangers.explanation')} {!mayAdopt && t('strangers.mayNot')}</PageHeader>
      <Loaded query={query}>
        {() => (items.length === 0 ? <Nobody /> : <VirtualTable label={t('strangers.title')} columns={columns} items={items} idOf={(stranger) => stranger.id} onEnd={more} />)}
      </Loaded>
      {adopted && <Adopt stranger={adopted} onClose={() => setAdopted(undefined)} onAdopted={(device) => void navigate({ to: '/add-phone' as string, search: { device } as never })} />}
      {forgotten && <Forget stranger={forgotten} onClose={() => setForgotten(undefined)} />}
    </>
  )
}

function Nobody() {
  const { t } = useTranslation()
  return (
    <EmptyState title={t('strangers.none')}>
      {t('strangers.noneTry')}
      <div style={{ display: 'flex', justifyContent: 'center', margin: '8px 0' }}><Copied text={usualAddress(location.hostname)} label={t('addPhone.copyAddress')} /></div>
      {t('strangers.noneThen')}
    </EmptyState>
  )
}

function Forget({ stranger, onClose }: { stranger: Stranger; onClose: () => void }) {
  const { t } = useTranslation()
  const forget = useForgetStranger(stranger.id)
  return (
    <ConfirmDeed title={t('strangers.forgetOne', { phone: strangerName(stranger) })} deed={t('strangers.forget')} onClose={onClose} onConfirm={() => forget.mutateAsync()}>
      {t('strangers.forgetMeans')}
    </ConfirmDeed>
  )
}
