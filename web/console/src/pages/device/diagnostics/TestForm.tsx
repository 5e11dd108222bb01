import { Anchor, Button, NumberInput, SimpleGrid, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useDeviceScope } from '../context'
import { useTest } from './api'
import { fieldsOf, lackingOf, startOf, type DiagnosticKind, type Field, type Values } from './kinds'

/** Asks for what a test needs, and queues it. */
export function TestForm({ kind }: { kind: DiagnosticKind }) {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const test = useTest(device.id, kind)
  const [values, setValues] = useState<Values>(() => startOf(kind))
  const [lacking, setLacking] = useState<Field['name'][]>([])
  const [rare, setRare] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const missing = lackingOf(kind, values)
    setLacking(missing)
    if (missing.length === 0) test.mutate(values)
  }
  const problem = test.error ? asProblem(test.error) : undefined
  const fieldProps = (field: Field) => ({
    label: t(`diagnostics.field.${field.name}`), required: field.required, value: values[field.name] ?? '',
    error: lacking.includes(field.name) ? t('diagnostics.needed') : problem?.field(field.name),
    description: field.range && field.required ? t('diagnostics.range', { least: field.range[0], most: field.range[1] }) : undefined,
  })
  const change = (name: Field['name'], value: string | number) => setValues((old) => ({ ...old, [name]: value }))
  return (
    <form onSubmit={submit} noValidate aria-label={t(`task.kind.${kind}.name`)}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" verticalSpacing="xs">
        {fieldsOf[kind].filter((field) => rare || !field.rare).map((field) => field.range
          ? <NumberInput key={field.name} {...fieldProps(field)} min={field.range[0]} max={field.range[1]} allowDecimal={false} onChange={(value) => change(field.name, value)} />
          : <TextInput key={field.name} {...fieldProps(field)} onChange={(event) => change(field.name, event.currentTarget.value)} autoComplete="off" spellCheck={false} placeholder={t(`diagnostics.example.${field.name}`, { defaultValue: '' }) || undefined} />)}
      </SimpleGrid>
      <ProblemAlert problem={problem} mt="xs" />
      <div style={{ display: 'flex', gap: 12, alignItems: 'center', marginTop: 10 }}>
        <Button type="submit" size="sm" loading={test.isPending} aria-label={t('diagnostics.startOne', { test: t(`task.kind.${kind}.name`) })}>{t('diagnostics.start')}</Button>
        {fieldsOf[kind].some((field) => field.rare) && <Anchor component="button" type="button" size="sm" aria-expanded={rare} onClick={() => setRare(!rare)}>{t(rare ? 'diagnostics.less' : 'diagnostics.more')}</Anchor>}
      </div>
    </form>
  )
}
