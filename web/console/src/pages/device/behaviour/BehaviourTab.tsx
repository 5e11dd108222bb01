import { Anchor, Badge, Card, Code, Group, Stack, Text, Title } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '@/api/client'
import { keys } from '@/api/keys'
import type { AppliedProfile, DeviceBehaviour } from '@/api/types'
import { useMay } from '@/auth/me'
import { DataList } from '@/parts/DataList'
import { EmptyState } from '@/parts/EmptyState'
import { Loaded } from '@/parts/Loaded'
import { FieldTable } from '@/quirks/FieldTable'
import { Moment } from '@/time/Moment'
import { useDeviceScope } from '../context'
import { decidedBy } from './decided'

const behaviourQuery = (id: string) =>
  queryOptions({
    queryKey: keys.behaviour(id),
    queryFn: ({ signal }) => answer(api.GET('/api/v1/devices/{id}/behaviour', { params: { path: { id } }, signal })),
  })

/** How the server treats the device, where that is not as every other, and why. */
export default function BehaviourTab() {
  const { t } = useTranslation()
  const { device } = useDeviceScope()
  const behaviour = useQuery(behaviourQuery(device.id))
  return (
    <>
      <Text c="dimmed" size="xs" mb="xs" maw="60rem">{t('behaviour.explanation')}</Text>
      <Loaded query={behaviour}>
        {(data) => (
          <Stack gap="md">
            <InForce data={data} />
            {data.profiles.length > 0 && <Profiles profiles={data.profiles} />}
            <Learnt model={data.model} />
          </Stack>
        )}
      </Loaded>
    </>
  )
}

interface PartProps {
  id: string
  title: string
  explanation: string
  /** Its table is a landmark with this title itself. */
  table?: boolean
  children: ReactNode
}

function Part({ id, title, explanation, table = false, children }: PartProps) {
  return (
    <Card withBorder component="section" aria-labelledby={table ? undefined : id}>
      <Title order={2} id={id}>{title}</Title>
      <Text c="dimmed" size="xs" mb="xs" maw="60rem">{explanation}</Text>
      {children}
    </Card>
  )
}

function InForce({ data }: { data: DeviceBehaviour }) {
  const { t } = useTranslation()
  const { fields, by } = decidedBy(data)
  if (Object.keys(fields).length === 0) return <EmptyState title={t('behaviour.byTheBook')}>{t('behaviour.byTheBookTry')}</EmptyState>
  const cell = (field: string) => {
    const profile = by.get(field)
    return profile ? <ProfileLink profile={profile} /> : '–'
  }
  return (
    <Part table id="in-force" title={t('behaviour.inForce')} explanation={t('behaviour.inForceMeans')}>
      <FieldTable labelledBy="in-force" behaviour={fields} last={{ title: t('behaviour.decidedBy'), cell }} />
    </Part>
  )
}

function ProfileLink({ profile }: { profile: AppliedProfile }) {
  const may = useMay('policies.read')
  if (!may) return <>{profile.name}</>
  return <Anchor component={Link} to={'/quirk-profiles' as string} search={{ profile: profile.id } as never}>{profile.name}</Anchor>
}

function Profiles({ profiles }: { profiles: readonly AppliedProfile[] }) {
  const { t } = useTranslation()
  return (
    <Part id="profiles" title={t('behaviour.profiles')} explanation={t('behaviour.profilesMean')}>
      <ul style={{ margin: 0, paddingLeft: 20 }}>
        {profiles.map((profile) => (
          <li key={profile.id}>
            <Group gap={6} component="span"><ProfileLink profile={profile} /> <Badge variant="outline" color="gray" tt="none">{t(profile.builtIn ? 'quirks.builtIn' : 'quirks.own')}</Badge></Group>
            {profile.why && <Text size="sm">{profile.why}</Text>}
            <Text size="xs" c="dimmed">{profile.decides.length > 0 ? t('behaviour.decides', { fields: profile.decides.join(', ') }) : t('behaviour.decidesNothing')}</Text>
          </li>
        ))}
      </ul>
    </Part>
  )
}

function Learnt({ model }: { model: DeviceBehaviour['model'] }) {
  const { t } = useTranslation()
  const list = (names: readonly string[], none: string) => (names.length === 0 ? none : <Group key="list" gap={4} component="span">{names.map((name) => <Code key={name}>{name}</Code>)}</Group>)
  const most = (n: number) => (n === 0 ? t('behaviour.noLimit') : n)
  return (
    <Part id="learnt" title={t('behaviour.learnt')} explanation={t('behaviour.learntMeans')}>
      <DataList facts={[
        [t('behaviour.methods'), list(model.methods, t('behaviour.notAsked'))],
        [t('behaviour.methodsAt'), model.methodsAt ? <Moment key="at" at={model.methodsAt} /> : undefined],
        [t('behaviour.lacks'), list(model.lacks, t('behaviour.lacksNothing'))],
        [t('behaviour.getParameterValues'), most(model.getParameterValues)],
        [t('behaviour.setParameterValues'), most(model.setParameterValues)],
        [t('behaviour.levelByLevel'), t(model.levelByLevel ? 'behaviour.levelByLevelYes' : 'behaviour.levelByLevelNo')],
      ]} />
    </Part>
  )
}
