import { Button, Card, Checkbox, Group, NativeSelect, SimpleGrid, Stack, TagsInput, Text, TextInput, Title } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { DhcpQuestion, DhcpServers } from '@/api/types'
import { emptyForm, questionOf, type DhcpForm } from './form'

interface QuestionFormProps {
  servers: DhcpServers
  busy: boolean
  onAsk: (question: DhcpQuestion) => void
}

/** Which DHCP server it is, where phones find this server, and which phones there are. */
export function QuestionForm({ servers: known, busy, onAsk }: QuestionFormProps) {
  const { t } = useTranslation()
  const [form, setForm] = useState(() => emptyForm(known, location.hostname))
  const change = (part: Partial<DhcpForm>) => setForm((before) => ({ ...before, ...part }))
  const server = known.servers.find(({ name }) => name === form.server)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onAsk(questionOf(form, server?.ipv6 ?? false))
  }
  return (
    <Card withBorder component="form" aria-labelledby="question" onSubmit={submit}>
      <Title order={2} id="question" mb="xs">{t('dhcp.site')}</Title>
      <Stack gap="sm">
        <NativeSelect label={t('dhcp.server')} value={form.server} data={known.servers.map(({ name, title }) => ({ value: name, label: title }))} maw={320}
          onChange={(event) => change({ server: event.currentTarget.value as DhcpForm['server'] })} />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput label={t('dhcp.filesUrl')} description={t('dhcp.filesUrlMeans')} value={form.filesUrl} onChange={(event) => change({ filesUrl: event.currentTarget.value })} maxLength={255} autoComplete="off" spellCheck={false} />
          <TextInput label={t('dhcp.acsUrl')} description={t('dhcp.acsUrlMeans')} value={form.acsUrl} onChange={(event) => change({ acsUrl: event.currentTarget.value })} maxLength={255} autoComplete="off" spellCheck={false} />
        </SimpleGrid>
        {server && !server.tellsApart && <Text size="sm" role="status">{t('dhcp.tellsNotApart')}</Text>}
        <Checkbox.Group label={t('dhcp.classes')} description={t('dhcp.classesMean')} value={form.classes} onChange={(classes) => change({ classes })}>
          <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }} spacing={6} mt={6}>
            {known.classes.map(({ name, title, options }) => <Checkbox key={name} value={name} label={title} description={options.length > 0 ? t('dhcp.options', { options: options.join(', ') }) : undefined} />)}
          </SimpleGrid>
        </Checkbox.Group>
        <Checkbox label={t('dhcp.existing66')} description={t('dhcp.existing66Means')} checked={form.existing66} onChange={(event) => change({ existing66: event.currentTarget.checked })} />
        {server?.ipv6 && <Checkbox label={t('dhcp.ipv6')} checked={form.ipv6} onChange={(event) => change({ ipv6: event.currentTarget.checked })} />}
        <More form={form} change={change} />
        <Group><Button type="submit" loading={busy}>{t('dhcp.write')}</Button></Group>
      </Stack>
    </Card>
  )
}

function More({ form, change }: { form: DhcpForm; change: (part: Partial<DhcpForm>) => void }) {
  const { t } = useTranslation()
  return (
    <details>
      <summary style={{ cursor: 'pointer', minHeight: 24 }}>{t('dhcp.more')}</summary>
      <SimpleGrid cols={{ base: 1, sm: 2 }} mt="xs">
        <NativeSelect label={t('dhcp.ciscoPath')} description={t('dhcp.ciscoPathMeans')} value={form.ciscoPath} data={[{ value: '', label: '$PSN.xml' }, { value: '$MA.xml', label: '$MA.xml' }]} onChange={(event) => change({ ciscoPath: event.currentTarget.value })} />
        <TextInput label={t('dhcp.provisioningCode')} description={t('dhcp.provisioningCodeMeans')} value={form.provisioningCode} maxLength={64} onChange={(event) => change({ provisioningCode: event.currentTarget.value })} autoComplete="off" />
        <TagsInput label={t('dhcp.subnets')} description={t('dhcp.subnetsMean')} placeholder="10.9.0.0/24" value={form.subnets} maxTags={100} acceptValueOnBlur onChange={(subnets) => change({ subnets })} />
        <TagsInput label={t('dhcp.tftpServers')} description={t('dhcp.tftpServersMean')} placeholder="192.0.2.10" value={form.tftpServers} maxTags={8} acceptValueOnBlur onChange={(tftpServers) => change({ tftpServers })} />
      </SimpleGrid>
    </details>
  )
}
