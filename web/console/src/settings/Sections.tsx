import { Accordion, Badge, Button, Group, Text, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useDesk } from './desk'
import { FamilyTable } from './FamilyTable'
import { vendorPrefix, vendorSetting } from './paths'
import type { Section } from './layout'
import { SettingRow } from './SettingRow'

interface SectionsProps {
  sections: readonly Section[]
  /** All are open, as after a search. */
  allOpen: boolean
  /** Everything that is declared, in force or inherited. */
  paths: ReadonlySet<string>
  /** What is declared of one vendor's settings; undefined hides them. */
  vendor: readonly string[] | undefined
}

const vendorName = 'vendor'

/** The groups of settings, each to be opened. */
export function Sections({ sections, allOpen, paths, vendor }: SectionsProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<string[]>([])
  const all = [...sections.map(({ name }) => name), vendorName]
  return (
    <Accordion multiple variant="contained" order={2} keepMounted={false} value={allOpen ? all : open} onChange={(next) => !allOpen && setOpen(next)}>
      {sections.map(({ name, title, help, single, families, declared }) => (
        <Accordion.Item key={name} value={name}>
          <Accordion.Control><Heading title={t(`settings.group.${name}`, { defaultValue: title })} count={declared} /></Accordion.Control>
          <Accordion.Panel>
            {help && <Text size="sm" c="dimmed" mb="xs">{help}</Text>}
            {families.map((family) => <FamilyTable key={family.prefix} family={family} title={t(`settings.group.${name}`, { defaultValue: title })} paths={paths} />)}
            {single.map((setting) => <SettingRow key={setting.path} setting={setting} path={setting.path} />)}
          </Accordion.Panel>
        </Accordion.Item>
      ))}
      {vendor && (
        <Accordion.Item value={vendorName}>
          <Accordion.Control><Heading title={t('settings.vendor')} count={vendor.length} /></Accordion.Control>
          <Accordion.Panel><Vendor paths={vendor} /></Accordion.Panel>
        </Accordion.Item>
      )}
    </Accordion>
  )
}

function Heading({ title, count }: { title: string; count: number }) {
  const { t } = useTranslation()
  return <Group gap="xs" component="span">{title}{count > 0 && <Badge variant="outline" color="gray" size="sm">{t('settings.declaredHere', { count })}</Badge>}</Group>
}

/** What only one vendor has: by path, any text. */
function Vendor({ paths }: { paths: readonly string[] }) {
  const { t } = useTranslation()
  const { may } = useDesk()
  const [added, setAdded] = useState<string[]>([])
  const [path, setPath] = useState('')
  const shown = [...new Set([...paths, ...added])].sort()
  const fits = /^vendor\.[a-z0-9-]+\..+$/.test(path.trim())
  const add = (event: FormEvent) => {
    event.preventDefault()
    if (!fits) return
    setAdded((old) => [...old, path.trim()])
    setPath('')
  }
  return (
    <>
      <Text size="sm" c="dimmed" mb="xs">{t('settings.vendorMeans')}</Text>
      {shown.map((one) => <SettingRow key={one} setting={vendorSetting(one)} path={one} />)}
      {may && (
        <form onSubmit={add}>
          <Group gap="xs" mt="xs" align="flex-end">
            <TextInput size="xs" label={t('settings.vendorPath')} placeholder={`${vendorPrefix}yealink.features.x`} value={path} onChange={(event) => setPath(event.currentTarget.value)} maxLength={200} autoComplete="off" spellCheck={false} style={{ flex: '1 1 14rem' }} maw="28rem" />
            <Button type="submit" size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} disabled={!fits}>{t('settings.addInstance')}</Button>
          </Group>
        </form>
      )}
    </>
  )
}
