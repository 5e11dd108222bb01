import { Anchor, Breadcrumbs, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { PackDetail } from '@/api/types'
import { useMay, useWholeFleet } from '@/auth/me'
import { useUrlState } from '@/listing/useUrlState'
import { DataList } from '@/parts/DataList'
import { Loaded } from '@/parts/Loaded'
import { Loading } from '@/parts/Loading'
import { PageHeader } from '@/parts/PageHeader'
import { packQuery } from '@/provisioning/packs'
import { ActiveVersion } from '../packs/columns'
import { FilePatterns } from './FilePatterns'
import { Models } from './Models'
import { VersionName } from './VersionName'
import { Versions } from './Versions'

const Sources = lazy(() => import('./Sources'))
const Preview = lazy(() => import('./Preview'))

const tabs = ['versions', 'models', 'files', 'sources', 'preview'] as const

/** One vendor pack: its versions, what it serves, and its templates. The address keeps which version is shown. */
export default function PackPage() {
  const { t } = useTranslation()
  const { name = '' } = useParams({ strict: false }) as { name?: string }
  const [{ version }] = useUrlState(['version'])
  const pack = useQuery(packQuery(name, version))
  return (
    <>
      <Breadcrumbs mb="xs" component="nav" aria-label={t('packs.breadcrumb')} separatorMargin={6}>
        <Anchor component={Link} to={'/packs' as string}>{t('packs.title')}</Anchor>
        <span aria-current="page">{pack.data?.title ?? name}</span>
      </Breadcrumbs>
      <PageHeader title={pack.data?.title ?? name}>{t('packs.oneMeans')}</PageHeader>
      <Loaded query={pack}>{(data) => <Parts pack={data} />}</Loaded>
    </>
  )
}

function Parts({ pack }: { pack: PackDetail }) {
  const { t } = useTranslation()
  const [{ tab }, change] = useUrlState(['tab'])
  const mayPacks = useMay('packs.write')
  const wholeFleet = useWholeFleet()
  const mayPlan = useMay('settings.write')
  const may = mayPacks && wholeFleet
  const shown = tabs.filter((name) => name !== 'preview' || mayPlan)
  return (
    <>
      <DataList facts={[
        [t('packs.vendor'), pack.vendor],
        [t('packs.active'), <ActiveVersion key="active" pack={pack} />],
        [t('packs.shown'), <VersionName key="shown" pack={pack} version={pack.version} />],
        [t('packs.problem'), pack.problem || undefined],
        [t('packs.capabilities'), pack.capabilities.join(', ') || undefined],
        [t('packs.unsupported'), pack.unsupported.join(', ') || undefined],
      ]} />
      <Tabs mt="md" value={shown.find((name) => name === tab) ?? 'versions'} onChange={(next) => change({ tab: next && next !== 'versions' ? next : '' })} keepMounted={false}>
        <Tabs.List mb="md" aria-label={t('packs.parts')}>{shown.map((name) => <Tabs.Tab key={name} value={name}>{t(`packs.tab.${name}`)}</Tabs.Tab>)}</Tabs.List>
        <Tabs.Panel value="versions"><Versions pack={pack} may={may} mayPlan={mayPlan} /></Tabs.Panel>
        <Tabs.Panel value="models"><Models models={pack.modelList} /></Tabs.Panel>
        <Tabs.Panel value="files"><FilePatterns files={pack.files} /></Tabs.Panel>
        <Tabs.Panel value="sources"><Suspense fallback={<Loading />}><Sources key={pack.version} pack={pack} may={may} /></Suspense></Tabs.Panel>
        {mayPlan && <Tabs.Panel value="preview"><Suspense fallback={<Loading />}><Preview pack={pack} /></Suspense></Tabs.Panel>}
      </Tabs>
    </>
  )
}
