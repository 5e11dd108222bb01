import { ActionIcon, Button, Group, Menu, Modal, TextInput } from '@mantine/core'
import { IconChevronDown, IconDeviceFloppy, IconTrash } from '@tabler/icons-react'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { usePreference } from '@/devices/preferences'
import { ProblemAlert } from '@/parts/ProblemAlert'
import type { ListState } from './urlState'
import { builtInViews, shows, viewsKey, viewsOf, withoutView, withView, type View } from './views'

interface ViewsMenuProps {
  state: ListState
  onChoose: (view: ListState) => void
}

/** The views that come with the console and those that the viewer saved. */
export function ViewsMenu({ state, onChoose }: ViewsMenuProps) {
  const { t } = useTranslation()
  const { value, problem, write } = usePreference(viewsKey)
  const [saving, setSaving] = useState(false)
  const own = viewsOf(value)
  const chosenOwn = own.find((view) => shows(state, view))
  const chosen = builtInViews.find((view) => shows(state, view))
  const label = chosenOwn?.name ?? (chosen ? t(`devices.views.${chosen.name}`) : t('devices.views.unsaved'))
  return (
    <>
      <Menu position="bottom-start" width={260}>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />} aria-label={t('devices.views.choose', { view: label })}>{label}</Button>
        </Menu.Target>
        <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
          {builtInViews.map((view) => (
            <Menu.Item key={view.name} onClick={() => onChoose(view)} aria-current={view === chosen || undefined}>{t(`devices.views.${view.name}`)}</Menu.Item>
          ))}
          {own.length > 0 && <Menu.Label>{t('devices.views.own')}</Menu.Label>}
          {own.map((view) => (
            <Menu.Item key={view.name} onClick={() => onChoose(view)} aria-current={view === chosenOwn || undefined}>{view.name}</Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconDeviceFloppy size={16} aria-hidden />} onClick={() => setSaving(true)}>{t('devices.views.save')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={saving} onClose={() => setSaving(false)} title={t('devices.views.save')} closeButtonProps={{ 'aria-label': t('parts.close') }}>
        <ProblemAlert problem={write.error ?? problem} mb="sm" />
        <SaveView
          taken={chosenOwn?.name ?? ''} busy={write.isPending} known={value !== undefined || !problem}
          onSave={(name) => write.mutate(withView(own, { ...state, filter: state.filter.trim(), name }), { onSuccess: () => setSaving(false) })}
        />
        <OwnViews views={own} onDelete={(name) => write.mutate(withoutView(own, name))} />
      </Modal>
    </>
  )
}

function SaveView({ taken, busy, known, onSave }: { taken: string; busy: boolean; known: boolean; onSave: (name: string) => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState(taken)
  const save = (event: FormEvent) => {
    event.preventDefault()
    onSave(name.trim())
  }
  return (
    <form onSubmit={save}>
      <TextInput label={t('devices.views.name')} description={t('devices.views.what')} value={name} maxLength={60} data-autofocus
        onChange={(event) => setName(event.currentTarget.value)} />
      <Group justify="flex-end" mt="md">
        <Button type="submit" disabled={name.trim() === '' || !known} loading={busy}>{t('devices.views.saveIt')}</Button>
      </Group>
    </form>
  )
}

function OwnViews({ views, onDelete }: { views: View[]; onDelete: (name: string) => void }) {
  const { t } = useTranslation()
  if (views.length === 0) return null
  return (
    <ul aria-label={t('devices.views.own')} style={{ listStyle: 'none', padding: 0 }}>
      {views.map((view) => (
        <li key={view.name}>
          <Group justify="space-between" wrap="nowrap">
            <span style={{ overflowWrap: 'anywhere' }}>{view.name}</span>
            <ActionIcon onClick={() => onDelete(view.name)} aria-label={t('devices.views.delete', { view: view.name })}><IconTrash size={18} aria-hidden /></ActionIcon>
          </Group>
        </li>
      ))}
    </ul>
  )
}
