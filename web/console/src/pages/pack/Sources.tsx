import { Button, Group, Select, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PackDetail } from '@/api/types'
import { useUrlState } from '@/listing/useUrlState'
import { Loaded } from '@/parts/Loaded'
import { Loading } from '@/parts/Loading'
import { sourceQuery, useEditPack } from '../packs/api'
import { Faults } from '../packs/Faults'
import { builtIn } from '../packs/version'
import { drafted, type Drafts } from './drafts'

const SourceEditor = lazy(() => import('@/source/SourceEditor'))

/** The files that a version consists of. They are read as they are, and changed as the begin of a version of their own. */
export default function Sources({ pack, may }: { pack: PackDetail; may: boolean }) {
  const { t } = useTranslation()
  const [{ source }, change] = useUrlState(['source', 'version'])
  const [editing, setEditing] = useState(false)
  const [drafts, setDrafts] = useState<Drafts>({})
  const [line, setLine] = useState(0)
  const edit = useEditPack(pack.name)
  const path = pack.sources.includes(source) ? source : (pack.sources.find((name) => name.endsWith('.tmpl')) ?? pack.sources[0] ?? '')
  const changed = Object.keys(drafts)
  const open = (next: string, at = 0) => {
    setLine(at)
    change({ source: next })
  }
  const stop = () => {
    setEditing(false)
    setDrafts({})
    edit.reset()
  }
  const save = () => edit.mutate({ version: pack.version, files: drafts }, {
    onSuccess: ({ version }) => {
      stop()
      change({ version, source: path })
    },
  })
  const data = pack.sources.map((value) => ({ value, label: value in drafts ? `${value} · ${t('packs.source.changed')}` : value }))
  return (
    <Stack gap="sm">
      <Text c="dimmed" size="sm">{t(pack.version === builtIn ? 'packs.source.meansBuiltIn' : 'packs.source.means')}</Text>
      <Group align="flex-end" gap="sm">
        <Select label={t('packs.source.file')} data={data} value={path} onChange={(next) => next && open(next)} allowDeselect={false} searchable w={360} maw="100%" />
        {may && !editing && <Button variant="default" onClick={() => setEditing(true)}>{t(pack.version === builtIn ? 'packs.source.copy' : 'packs.source.edit')}</Button>}
        {editing && <Button variant="default" onClick={stop}>{t('packs.source.discard')}</Button>}
        {editing && <Button loading={edit.isPending} disabled={changed.length === 0} onClick={save}>{t('packs.source.save')}</Button>}
      </Group>
      <Faults problem={edit.error} onOpen={({ file, line: at }) => { if (pack.sources.includes(file)) open(file, at) }} />
      {path && <Source key={`${path} ${editing}`} pack={pack} path={path} editing={editing} draft={drafts[path]} line={line} onChange={(original, text) => setDrafts((now) => drafted(now, path, original, text))} />}
    </Stack>
  )
}

interface SourceProps {
  pack: PackDetail
  path: string
  editing: boolean
  draft: string | undefined
  line: number
  onChange: (original: string, text: string) => void
}

function Source({ pack, path, editing, draft, line, onChange }: SourceProps) {
  const { t } = useTranslation()
  const source = useQuery(sourceQuery(pack.name, pack.version, path))
  // What stands in the editor at first: the draft that there was when the file was opened.
  const [begun] = useState(draft)
  return (
    <Loaded query={source}>
      {({ binary, content }) => (binary ? <Text>{t('packs.source.binary')}</Text> : (
        <Suspense fallback={<Loading />}>
          <SourceEditor text={editing ? (begun ?? content) : content} label={t('packs.source.of', { path })} readOnly={!editing} line={line} onChange={(text) => onChange(content, text)} />
        </Suspense>
      ))}
    </Loaded>
  )
}
