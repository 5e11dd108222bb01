import { Group, Stack, Switch, Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldError } from '@/api/types'
import { useMay } from '@/auth/me'
import { Actor } from '@/parts/Actor'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { Moment } from '@/time/Moment'
import { catalogueQuery, effectiveQuery, levelQuery, useAbove } from './api'
import { ChangeBar } from './ChangeBar'
import { DeskProvider, type Desk } from './desk'
import { pathsIn, withChange, withoutChange, type Draft } from './draft'
import { inheritedFrom } from './inherit'
import type { Catalogue, InForce, Level, LevelName } from './model'
import { vendorPrefix } from './paths'
import { Sections } from './Sections'
import { sectionsOf } from './layout'
import classes from './settings.module.css'
import { Unused } from './Unused'

/** Shows and changes what is declared at a level; made from the catalogue of the server. */
export function SettingsEditor({ level }: { level: LevelName }) {
  const catalogue = useQuery(catalogueQuery)
  const declared = useQuery(levelQuery(level))
  return (
    <Loaded query={catalogue}>
      {(all) => <Loaded query={declared}>{(stored) => <Editor catalogue={all} stored={stored} level={level} />}</Loaded>}
    </Loaded>
  )
}

/** The device that a level belongs to; empty for a level of many. */
function deviceOf({ kind, id = '' }: LevelName): string {
  return kind === 'device' || kind === 'user' ? id : ''
}

function Editor({ catalogue, stored, level }: { catalogue: Catalogue; stored: Level; level: LevelName }) {
  const { t } = useTranslation()
  const device = deviceOf(level)
  const may = useMay('settings.write')
  const effective = useQuery({ ...effectiveQuery(device), enabled: device !== '' })
  const above = useAbove(level)
  const [draft, setDraft] = useState<Draft>(new Map())
  const [faults, setFaults] = useState<readonly FieldError[]>([])
  const [search, setSearch] = useState('')
  const [declaredOnly, setDeclaredOnly] = useState(false)
  const entries = stored.settings
  const inForce = useMemo(() => new Map<string, InForce>((effective.data?.settings ?? []).map((setting) => [setting.path, setting])), [effective.data])
  const inherited = useMemo(() => above.data ?? [], [above.data])
  const desk = useMemo<Desk>(() => ({
    level, catalogue, entries, draft, faults, may, device: device || undefined,
    put: (change) => setDraft((old) => withChange(old, entries, change)),
    drop: (key) => setDraft((old) => withoutChange(old, key)),
    known: (path) => (device ? inForce.get(path) : inheritedFrom(inherited, path)),
  }), [level, catalogue, entries, draft, faults, may, device, inForce, inherited])
  const declared = pathsIn(entries, draft)
  const paths = new Set([...declared, ...inForce.keys(), ...inherited.flatMap(({ settings }) => settings.map(({ path }) => path))])
  const sections = sectionsOf(catalogue, declared, { search: search.trim(), declaredOnly, endUserOnly: level.kind === 'user' })
  const vendor = [...(declaredOnly ? declared : paths)].filter((path) => path.startsWith(vendorPrefix) && path.toLowerCase().includes(search.trim().toLowerCase()))
  const showVendor = level.kind !== 'user' && (vendor.length > 0 || (search.trim() === '' && !declaredOnly))
  const problem = effective.error ?? above.error
  return (
    <DeskProvider value={desk}>
      <div className={classes.editor}>
        <Stack gap="sm">
          <Group gap="md">
            <TextInput type="search" aria-label={t('settings.search')} placeholder={t('settings.search')} leftSection={<IconSearch size={16} aria-hidden />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} style={{ flex: '1 1 14rem' }} maw="28rem" />
            <Switch label={t('settings.declaredOnly')} checked={declaredOnly} onChange={(event) => setDeclaredOnly(event.currentTarget.checked)} />
          </Group>
          {!may && <Text c="dimmed" size="sm">{t('settings.mayNot')}</Text>}
          <ProblemAlert problem={problem} retry={() => void (effective.error ? effective.refetch() : above.refetch())} />
          {sections.length === 0 && !showVendor
            ? <EmptyState title={t(declaredOnly && search.trim() === '' ? 'settings.nothingDeclared' : 'settings.nothingFound')}>{t('settings.nothingTry')}</EmptyState>
            : <Sections sections={sections} allOpen={search.trim() !== '' || declaredOnly} paths={declaredOnly ? declared : paths} vendor={showVendor ? vendor : undefined} />}
          {effective.data && <Unused unused={effective.data.unused} />}
          {stored.updatedAt && <Text size="xs" c="dimmed">{t('settings.changedBy')} <Actor actor={stored.updatedBy} />, <Moment at={stored.updatedAt} /></Text>}
        </Stack>
        {draft.size > 0 && <ChangeBar revision={stored.revision} onFaults={setFaults} onClear={() => { setDraft(new Map()); setFaults([]) }} />}
      </div>
    </DeskProvider>
  )
}
