import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, useWholeFleet } from '@/auth/me'
import { useUrlState } from '@/listing/useUrlState'
import { VirtualTable } from '@/listing/VirtualTable'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { PageHeader } from '@/parts/PageHeader'
import { profilesQuery } from './api'
import { useProfileColumns } from './columns'
import { formOf, type ProfileForm } from './form'
import { ProfileDrawer } from './ProfileDrawer'

const EditProfile = lazy(() => import('./EditProfile'))

/** What the form is open for. */
export interface Edited {
  form: ProfileForm
  /** The revision that the change is based on. */
  revision: number
  /** It has its id already. */
  exists: boolean
}

/** What is known of devices that do not behave by the book. */
export default function QuirksPage() {
  const { t } = useTranslation()
  const mayWrite = useMay('policies.write')
  const wholeFleet = useWholeFleet()
  const may = mayWrite && wholeFleet
  const profiles = useQuery(profilesQuery)
  const [{ profile: chosen }, change] = useUrlState(['profile'])
  const [edited, setEdited] = useState<Edited>()
  const columns = useProfileColumns()
  const create = may && <Button onClick={() => setEdited({ form: formOf(), revision: 0, exists: false })} leftSection={<IconPlus size={16} aria-hidden />}>{t('quirks.create')}</Button>
  return (
    <>
      <PageHeader title={t('quirks.title')} actions={create}>{t('quirks.explanation')} {!may && t('quirks.mayNot')}</PageHeader>
      <Loaded query={profiles}>
        {(all) => all.length === 0
          ? <EmptyState title={t('quirks.none')}>{t('quirks.noneTry')}</EmptyState>
          : <VirtualTable label={t('quirks.title')} columns={columns} items={all} idOf={(profile) => profile.id} open={chosen} onOpen={(id) => change({ profile: id })} />}
      </Loaded>
      {chosen && <ProfileDrawer id={chosen} may={may} onEdit={setEdited} onClose={() => change({ profile: '' })} />}
      <Suspense>
        {edited && <EditProfile {...edited} taken={(profiles.data ?? []).map(({ id }) => id)} onClose={() => setEdited(undefined)} onSaved={(id) => { setEdited(undefined); change({ profile: id }) }} />}
      </Suspense>
    </>
  )
}
