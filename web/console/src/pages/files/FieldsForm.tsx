import { Autocomplete, SimpleGrid, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { faultsOf, knownTypes, type FileFields } from './fields'

/** Asks what is to be said of a file. */
export function FieldsForm({ fields, onChange }: { fields: FileFields; onChange: (fields: FileFields) => void }) {
  const { t } = useTranslation()
  const faults = faultsOf(fields)
  const input = (name: keyof FileFields) => ({
    label: t(`files.field.${name}`),
    description: t(`files.means.${name}`),
    value: fields[name],
    error: faults[name] && t(`files.fault.${faults[name]}`),
    autoComplete: 'off',
  })
  const set = (name: keyof FileFields) => (event: React.ChangeEvent<HTMLInputElement>) => onChange({ ...fields, [name]: event.currentTarget.value })
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }} spacing="sm">
      <TextInput {...input('name')} onChange={set('name')} spellCheck={false} />
      <Autocomplete {...input('type')} data={[...knownTypes]} onChange={(type) => onChange({ ...fields, type })} />
      <TextInput {...input('version')} onChange={set('version')} />
      <TextInput {...input('oui')} onChange={set('oui')} maxLength={6} spellCheck={false} />
      <TextInput {...input('productClass')} onChange={set('productClass')} />
      <TextInput {...input('siblings')} onChange={set('siblings')} spellCheck={false} />
    </SimpleGrid>
  )
}
