import { TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { idOf } from './form'

interface NameAndIDProps<Values> {
  form: UseFormReturnType<Values>
  /** It has its ID already. */
  exists: boolean
  nameMeans: string
}

/** What something is called by people and by programs: the ID follows the name until somebody writes another. */
export function NameAndID<Values extends { id: string; name: string }>({ form, exists, nameMeans }: NameAndIDProps<Values>) {
  const { t } = useTranslation()
  const set = form.setFieldValue as (field: 'id' | 'name', value: string) => void
  const rename = (name: string) => {
    const { id, name: before } = form.getValues()
    if (!exists && id === idOf(before)) set('id', idOf(name))
    set('name', name)
  }
  return (
    <>
      <TextInput label={t('deviceAccess.name')} description={nameMeans} maxLength={100} data-autofocus autoComplete="off" {...form.getInputProps('name')} onChange={(event) => rename(event.currentTarget.value)} />
      <TextInput label={t('deviceAccess.id')} description={exists ? t('deviceAccess.idStays') : t('deviceAccess.idRule')} maxLength={64} readOnly={exists} autoComplete="off" spellCheck={false} {...form.getInputProps('id')} />
    </>
  )
}
