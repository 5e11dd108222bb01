import { ActionIcon, Anchor, Button, Group, NumberInput, Table, Text, Title, Tooltip, VisuallyHidden } from '@mantine/core'
import { IconLock, IconPlus, IconTrash } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { WideTable } from '@/parts/WideTable'
import { useDesk } from './desk'
import { entriesFor, isLimited, says, type ShownEntry } from './draft'
import { columnsOf, nextIndexes } from './family'
import { InstanceDrawer } from './InstanceDrawer'
import { lockAbove } from './inherit'
import { isShared, type Setting } from './model'
import { compareIndexes, every, instancesOf, pathFor, type Family } from './paths'
import classes from './settings.module.css'
import { useValueText } from './words'

interface FamilyTableProps {
  family: Family
  /** What the instances are in all, such as accounts. */
  title: string
  /** Paths that are in force on the device, or inherited. */
  paths: ReadonlySet<string>
}

/** The instances of a family, such as the accounts: one a line, with what matters most. */
export function FamilyTable({ family, title, paths }: FamilyTableProps) {
  const { t } = useTranslation()
  const id = useId()
  const { level, may } = useDesk()
  const [open, setOpen] = useState<string[]>()
  const [added, setAdded] = useState<string[][]>([])
  const shared = isShared(level)
  const found = instancesOf(family, paths)
  const more = added.filter((at) => !found.some((one) => compareIndexes(one, at) === 0))
  const instances = [...found, ...more].sort(compareIndexes)
  const columns = columnsOf(family, paths)
  const name = t(`settings.family.${family.prefix.replaceAll('.', '-')}`, { defaultValue: title })
  const add = (at: string[]) => {
    setAdded((old) => [...old, at])
    setOpen(at)
  }
  return (
    <div>
      {name === title ? <VisuallyHidden id={id}>{name}</VisuallyHidden> : <Title order={3} size="h4" id={id}>{name}</Title>}
      {instances.length === 0 ? <Text c="dimmed" size="sm">{t('settings.noInstance')}</Text> : (
        <WideTable labelledBy={id} minWidth={columns.length * 110 + 120}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('settings.index')}</Table.Th>
              {columns.map((setting) => <Table.Th key={setting.path} scope="col">{setting.title}</Table.Th>)}
              {may && <Table.Th scope="col">{t('settings.deeds')}</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {instances.map((at) => <InstanceRow key={at.join('.')} family={family} at={at} columns={columns} onOpen={() => setOpen(at)} onDrop={() => setAdded((old) => old.filter((one) => compareIndexes(one, at) !== 0))} />)}
          </Table.Tbody>
        </WideTable>
      )}
      {may && <AddInstance family={family} taken={instances} shared={shared} onAdd={add} />}
      {open && <InstanceDrawer family={family} at={open} title={name} onClose={() => setOpen(undefined)} />}
    </div>
  )
}

interface InstanceRowProps {
  family: Family
  at: string[]
  columns: readonly Setting[]
  onOpen: () => void
  onDrop: () => void
}

function InstanceRow({ family, at, columns, onOpen, onDrop }: InstanceRowProps) {
  const { t } = useTranslation()
  const { entries, draft, put, may } = useDesk()
  const name = useIndexText()(at)
  const declared = family.settings.flatMap((setting) => entriesFor(entries, draft, pathFor(setting.path, family.indexes, at)))
  const remove = () => {
    for (const { path, value, secret, generate, models, filter, locked } of declared) put({ entry: { path, value, secret, generate, models, filter, locked }, gone: true, given: false })
    onDrop()
  }
  const takeOut = t('settings.removeInstance', { index: name })
  return (
    <Table.Tr>
      <Table.Th scope="row"><Anchor component="button" type="button" onClick={onOpen}>{name}</Anchor></Table.Th>
      {columns.map((setting) => <Table.Td key={setting.path} style={{ overflowWrap: 'anywhere' }}><Cell path={pathFor(setting.path, family.indexes, at)} /></Table.Td>)}
      {may && (
        <Table.Td>
          {declared.some(({ change }) => change !== 'gone') && <Tooltip label={takeOut}><ActionIcon aria-label={takeOut} onClick={remove}><IconTrash size={16} aria-hidden /></ActionIcon></Tooltip>}
        </Table.Td>
      )}
    </Table.Tr>
  )
}

/** What the level says of a setting; dimmed what holds from elsewhere. */
function Cell({ path }: { path: string }) {
  const { t } = useTranslation()
  const { level, entries, draft, known } = useDesk()
  const valueText = useValueText()
  const declared = entriesFor(entries, draft, path)
  const main = declared.find((entry) => !isLimited(entry) && entry.change !== 'gone')
  const limited = declared.filter((entry) => isLimited(entry) && entry.change !== 'gone').length
  const here = known(path)
  const lock = lockAbove(level, here)
  // What a lock refuses has no effect.
  const shown = lock ? undefined : main
  const text = (entry: ShownEntry) => (entry.generate ? t('settings.generated') : valueText(entry.value, entry.secret || path.endsWith('.password')))
  return (
    <>
      {shown && says(shown) ? <span className={shown.change && classes.changed}>{text(shown)}</span> : here && <span className={classes.place}>{valueText(here.value, here.secret)}</span>}
      {(lock || shown?.locked) && <span role="img" aria-label={lock ? t('settings.locked') : t('settings.lockedHere')} className={classes.locked}>&nbsp;<IconLock size={14} aria-hidden /></span>}
      {limited > 0 && <Text span size="xs" c="dimmed"> {t('settings.andLimited', { count: limited })}</Text>}
    </>
  )
}

/** Returns what an instance is called: its number, or that it stands for all. */
function useIndexText(): (at: readonly string[]) => string {
  const { t } = useTranslation()
  return (at) => at.map((index) => (index === every ? t('settings.every') : index)).join(' / ')
}

interface AddInstanceProps {
  family: Family
  taken: readonly string[][]
  shared: boolean
  onAdd: (at: string[]) => void
}

function AddInstance({ family, taken, shared, onAdd }: AddInstanceProps) {
  const { t } = useTranslation()
  const [given, setGiven] = useState<(string | number)[]>()
  const next = nextIndexes(family, taken)
  const at = (given ?? next).map(String)
  const fits = at.every((index, i) => /^[1-9][0-9]*$/.test(index) && Number(index) >= family.indexes[i]!.from && Number(index) <= family.indexes[i]!.to)
  const all = family.indexes.map(() => every)
  const add = (chosen: string[]) => {
    setGiven(undefined)
    onAdd(chosen)
  }
  return (
    <Group gap="xs" mt="xs">
      {family.indexes.map(({ letter, from, to }, i) => (
        <NumberInput key={letter} size="xs" w={76} aria-label={t(family.indexes.length > 1 ? `settings.indexOf.${letter}` : 'settings.index')} min={from} max={to} allowDecimal={false} value={at[i]} onChange={(value) => setGiven(at.map((old, j) => (j === i ? value : old)))} />
      ))}
      <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} disabled={!fits} onClick={() => add(at)}>{t('settings.addInstance')}</Button>
      {shared && !taken.some((one) => compareIndexes(one, all) === 0) && <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => add(all)}>{t('settings.addEvery')}</Button>}
    </Group>
  )
}
