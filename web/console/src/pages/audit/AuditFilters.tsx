import { Button, NativeSelect, Select, SimpleGrid, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/auth/me'
import { deviceQuery } from '@/devices/query'
import { PhoneSelect } from '@/devices/PhoneSelect'
import { actionsQuery } from './api'
import { spans, type AuditChoice } from './choice'

interface AuditFiltersProps {
  choice: AuditChoice
  onChange: (change: Partial<AuditChoice>, options?: { replace?: boolean }) => void
}

/** Chooses audit entries by who, what, on what and when, or in the filter language. */
export function AuditFilters({ choice, onChange }: AuditFiltersProps) {
  const { t } = useTranslation()
  const actions = useQuery(actionsQuery)
  const mayDevices = useMay('devices.read')
  const text = (name: keyof AuditChoice) => ({
    value: choice[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => onChange({ [name]: event.currentTarget.value }, { replace: true }),
    autoComplete: 'off',
    spellCheck: false,
  })
  const known = actions.data ?? []
  const chosen = choice.action && !known.includes(choice.action) ? [choice.action, ...known] : known
  const any = Object.values(choice).some((value) => value !== '')
  return (
    <search aria-label={t('audit.filters')}>
      <SimpleGrid cols={{ base: 2, lg: 4 }} spacing="sm" mb="sm">
        <TextInput label={t('audit.actor')} placeholder="user:anna" {...text('actor')} />
        <Select label={t('audit.action')} data={chosen} value={choice.action || null} onChange={(action) => onChange({ action: action ?? '' })} searchable clearable clearButtonProps={{ 'aria-label': t('audit.anyAction') }} nothingFoundMessage={t('audit.noAction')} />
        {mayDevices && <DeviceFilter id={choice.device} onChange={(device) => onChange({ device })} />}
        <TextInput label={t('audit.target')} placeholder="device/…" {...text('target')} />
        <NativeSelect label={t('audit.time')} value={choice.span} data={spans.map((value) => ({ value, label: t(`audit.span.${value || 'all'}`) }))} onChange={(event) => onChange({ span: event.currentTarget.value })} />
        {choice.span === 'between' && <TextInput type="datetime-local" label={t('audit.from')} {...text('from')} />}
        {choice.span === 'between' && <TextInput type="datetime-local" label={t('audit.until')} {...text('until')} />}
        <TextInput type="search" label={t('audit.filter')} placeholder="outcome >= 400" {...text('filter')} />
        {any && <Button variant="subtle" style={{ alignSelf: 'end', justifySelf: 'start' }} onClick={() => onChange({ filter: '', actor: '', action: '', target: '', device: '', span: '', from: '', until: '' })}>{t('audit.clear')}</Button>}
      </SimpleGrid>
    </search>
  )
}

/** Chooses a device whose entries are shown; the address may name one already. */
function DeviceFilter({ id, onChange }: { id: string; onChange: (id: string) => void }) {
  const { t } = useTranslation()
  const device = useQuery({ ...deviceQuery(id), enabled: id !== '' })
  return (
    <PhoneSelect label={t('audit.device')} placeholder={t('audit.deviceHow')} value={id === '' ? undefined : device.data} onChange={(chosen) => onChange(chosen?.id ?? '')}
      clearable clearButtonProps={{ 'aria-label': t('audit.anyDevice') }} />
  )
}
