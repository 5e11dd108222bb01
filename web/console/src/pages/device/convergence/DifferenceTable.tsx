import { Badge, Checkbox, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ConvergenceDifference } from '@/api/types'
import { WideTable } from '@/parts/WideTable'
import { catalogueQuery } from '@/settings/api'
import { settingOf } from '@/settings/paths'
import { mask } from '@/settings/words'
import { Moment } from '@/time/Moment'
import { isChoosable, kindName } from './choice'

interface DifferenceTableProps {
  differences: readonly ConvergenceDifference[]
  /** The paths of those that are chosen. */
  chosen: ReadonlySet<string>
  /** Absent for those who may not change anything. */
  onChoose?: (chosen: ReadonlySet<string>) => void
  labelledBy: string
}

/** The parameters that the phone has otherwise than it should. */
export function DifferenceTable({ differences, chosen, onChoose, labelledBy }: DifferenceTableProps) {
  const { t } = useTranslation()
  const { data: catalogue } = useQuery(catalogueQuery)
  const choosable = differences.filter(isChoosable).map(({ path }) => path)
  const all = choosable.length > 0 && choosable.every((path) => chosen.has(path))
  const toggle = (path: string) => {
    const next = new Set(chosen)
    if (!next.delete(path)) next.add(path)
    onChoose?.(next)
  }
  return (
    <WideTable labelledBy={labelledBy} minWidth={820}>
      <Table.Thead>
        <Table.Tr>
          {onChoose && (
            <Table.Th w={36}>
              <Checkbox aria-label={t('convergence.chooseAll')} checked={all} indeterminate={!all && chosen.size > 0} disabled={choosable.length === 0}
                onChange={() => onChoose(new Set(all ? [] : choosable))} />
            </Table.Th>
          )}
          <Table.Th scope="col">{t('convergence.parameter')}</Table.Th>
          <Table.Th scope="col">{t('convergence.shouldBe')}</Table.Th>
          <Table.Th scope="col">{t('convergence.is')}</Table.Th>
          <Table.Th scope="col">{t('convergence.why')}</Table.Th>
          <Table.Th scope="col">{t('convergence.since')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {differences.map((difference) => (
          <Table.Tr key={difference.path} style={{ verticalAlign: 'top' }}>
            {onChoose && (
              <Table.Td>
                <Checkbox aria-label={t('convergence.chooseOne', { path: difference.path })} checked={chosen.has(difference.path)} disabled={!isChoosable(difference)}
                  title={isChoosable(difference) ? undefined : t('convergence.nothingToChoose')} onChange={() => toggle(difference.path)} />
              </Table.Td>
            )}
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              {difference.setting && <Text size="sm">{(catalogue && settingOf(catalogue, difference.setting)?.title) ?? difference.setting} <Text span size="xs" c="dimmed">{[difference.setting, ...difference.also].join(', ')}</Text></Text>}
              <Text size="xs" ff="monospace" c={difference.setting ? 'dimmed' : undefined}>{difference.path}</Text>
            </Table.Td>
            <Table.Td><Value text={difference.wanted} secret={difference.secret} /></Table.Td>
            <Table.Td><Value text={difference.has} secret={difference.secret} /></Table.Td>
            <Table.Td><Why difference={difference} /></Table.Td>
            <Table.Td><Moment at={difference.since} /></Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

function Value({ text, secret }: { text: string | null; secret: boolean }) {
  const { t } = useTranslation()
  if (secret) return <span title={t('convergence.secretMeans')}>{mask}</span>
  if (text === null) return <Text span size="sm" c="dimmed">{t('convergence.unknown')}</Text>
  if (text === '') return <Text span size="sm" c="dimmed">{t('convergence.empty')}</Text>
  return <Text span size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>{text}</Text>
}

function Why({ difference: { kind, reason, code, tries, restoring } }: { difference: ConvergenceDifference }) {
  const { t } = useTranslation()
  const name = kindName(kind)
  return (
    <>
      <Badge variant="outline" color="gray" tt="none">{t(`convergence.kind.${name}`)}</Badge>
      <Text size="sm">{reason || t(`convergence.kindMeans.${name}`)}{code > 0 && ` (${t('convergence.fault', { code })})`}</Text>
      {tries > 1 && <Text size="xs" c="dimmed">{t('convergence.tries', { count: tries })}</Text>}
      {restoring && <Text size="xs" c="var(--dialtone-busy)">{t('convergence.restoring')}</Text>}
    </>
  )
}
