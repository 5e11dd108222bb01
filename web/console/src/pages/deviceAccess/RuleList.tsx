import { Badge, Button, Group, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccessRule } from '@/api/types'
import { VirtualTable, type Column } from '@/listing/VirtualTable'
import { spanOf } from './span'
import { hiddenBy } from './order'
import { DisabledBadge, Scope } from './Scope'

interface RuleListProps {
  /** In their order. */
  rules: readonly AccessRule[]
  /** Absent for those who may not. */
  onEdit?: (rule: AccessRule) => void
  onDelete?: (rule: AccessRule) => void
}

/** The rules in the order in which they count. */
export function RuleList({ rules, onEdit, onDelete }: RuleListProps) {
  const { t } = useTranslation()
  const columns = useMemo(() => {
    const all: Column<AccessRule>[] = [
      { key: 'name', title: t('deviceAccess.rule'), width: 'minmax(9rem, 1.5fr)', cell: (rule) => <RuleName rule={rule} hidden={hiddenBy(rules, rule)} /> },
      { key: 'priority', title: t('deviceAccess.priority'), width: '5rem', cell: (rule) => (rule.builtIn ? t('deviceAccess.last') : (rule.priority ?? 0)) },
      { key: 'for', title: t('deviceAccess.for'), width: 'minmax(9rem, 2fr)', cell: (rule) => (rule.builtIn ? <Others /> : <Scope {...rule} all={t('deviceAccess.allDevices')} />) },
      { key: 'methods', title: t('deviceAccess.proof'), width: 'minmax(7rem, 1.2fr)', cell: (rule) => <Methods rule={rule} /> },
      { key: 'reactions', title: t('deviceAccess.reactions'), width: 'minmax(9.5rem, 1.3fr)', cell: (rule) => <Reactions rule={rule} /> },
      { key: 'rotate', title: t('deviceAccess.own'), width: 'minmax(6.5rem, 1fr)', cell: (rule) => <Rotation rule={rule} /> },
    ]
    if (onEdit && onDelete) all.push({ key: 'actions', title: t('deviceAccess.actions'), width: '13rem', cell: (rule) => (rule.builtIn ? '–' : <Actions rule={rule} onEdit={onEdit} onDelete={onDelete} />) })
    return all
  }, [t, rules, onEdit, onDelete])
  return <VirtualTable label={t('deviceAccess.rules')} columns={columns} items={rules} idOf={(rule) => rule.id} />
}

function RuleName({ rule, hidden }: { rule: AccessRule; hidden?: AccessRule }) {
  const { t } = useTranslation()
  return (
    <span>
      <strong>{rule.builtIn ? t('deviceAccess.fallback') : rule.name}</strong> {!rule.enabled && <DisabledBadge />}
      {rule.builtIn && <Badge variant="outline" color="gray">{t('deviceAccess.readOnly')}</Badge>}
      {rule.enabled && hidden && <Text span size="xs" c="dimmed" display="block">{t('deviceAccess.never', { name: hidden.name })}</Text>}
    </span>
  )
}

/** Whom the rule of the server's options is for. */
function Others() {
  const { t } = useTranslation()
  return <span>{t('deviceAccess.allOthers')}<Text span size="xs" c="dimmed" display="block">{t('deviceAccess.fallbackMeans')}</Text></span>
}

/** What is done about unknown devices, and about those that were reset. */
function Reactions({ rule }: { rule: AccessRule }) {
  const { t } = useTranslation()
  const word = (reaction: AccessRule['unknown']) => t(`deviceAccess.reaction.${reaction ?? 'quarantine'}.short`)
  return (
    <span>
      {t('deviceAccess.ifUnknown', { reaction: word(rule.unknown) })}<br />
      {t('deviceAccess.ifReset', { reaction: word(rule.rebootstrap) })}
    </span>
  )
}

function Methods({ rule }: { rule: AccessRule }) {
  const { t } = useTranslation()
  const names = rule.methods.map((method) => t(`deviceAccess.method.${method}.short`))
  return (
    <span>
      {names.join(t('deviceAccess.or'))}
      {rule.methods.includes('basic') && rule.basicWithoutTLS && <Text span size="xs" c="dimmed" display="block">{t('deviceAccess.inClear')}</Text>}
    </span>
  )
}

function Rotation({ rule }: { rule: AccessRule }) {
  const { t } = useTranslation()
  if (!rule.rotate) return t('deviceAccess.notGiven')
  const { amount, unit } = spanOf(rule.rotateAfter ?? '')
  return amount === '' ? t('deviceAccess.given') : t(`deviceAccess.renewed.${unit}`, { count: amount })
}

function Actions({ rule, onEdit, onDelete }: { rule: AccessRule; onEdit: (rule: AccessRule) => void; onDelete: (rule: AccessRule) => void }) {
  const { t } = useTranslation()
  return (
    <Group gap="xs" wrap="nowrap">
      <Button size="xs" variant="default" onClick={() => onEdit(rule)} aria-label={t('deviceAccess.editRule', { name: rule.name })}>{t('deviceAccess.edit')}</Button>
      <Button size="xs" variant="outline" color="red" onClick={() => onDelete(rule)} aria-label={t('deviceAccess.deleteRule', { name: rule.name })}>{t('deviceAccess.delete')}</Button>
    </Group>
  )
}
