import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { all, equals } from '@/listing/filters'
import { useNumbers } from '@/devices/numbers'
import { barsOf, type ModelShare } from './firmware'
import classes from './overview.module.css'

const mostBars = 5

/** The filter of the devices of a model that run a version. */
export function filterOf(model: string, version?: string): string {
  return all(equals('model', model), version === undefined ? '' : equals('softwareVersion', version))
}

/** A bar for each model, cut into its versions. Every piece is named below the bar, so that no colour has to be told from another. */
export function FirmwareBars({ models }: { models: readonly ModelShare[] }) {
  const { t } = useTranslation()
  const { count, share } = useNumbers()
  return (
    <ul className={classes.bars}>
      {models.map((model) => {
        const { bars, rest } = barsOf(model, mostBars)
        return (
          <li key={model.model}>
            <div className={classes.barHead}>
              <Anchor component={Link} to={'/devices' as string} search={{ filter: filterOf(model.model) } as never} fw={600}>{model.model || t('overview.firmware.unknownModel')}</Anchor>
              <Text size="sm" c="dimmed">{count(model.count)}</Text>
            </div>
            <div className={classes.bar} aria-hidden>
              {bars.map((v, i) => <span key={v.version} style={{ flexGrow: v.count }} data-tone={i} title={`${v.version || '–'}: ${count(v.count)}`} />)}
              {rest > 0 && <span style={{ flexGrow: rest }} data-tone="rest" />}
            </div>
            <div className={classes.versions}>
              {bars.map((v, i) => (
                <span key={v.version}>
                  <i data-tone={i} aria-hidden />
                  <Anchor component={Link} to={'/devices' as string} search={{ filter: filterOf(model.model, v.version) } as never} size="sm">{v.version || t('overview.firmware.unknownVersion')}</Anchor>
                  {' '}{share(v.count, model.count)}
                </span>
              ))}
              {rest > 0 && <span><i data-tone="rest" aria-hidden />{t('overview.firmware.rest')} {share(rest, model.count)}</span>}
            </div>
          </li>
        )
      })}
    </ul>
  )
}
