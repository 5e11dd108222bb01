import { Group, Text, Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLiveState } from './LiveProvider'
import classes from './LiveIndicator.module.css'

/** Says whether what is shown follows the fleet at this moment. */
export function LiveIndicator() {
  const { t } = useTranslation()
  const state = useLiveState()
  return (
    <Tooltip label={t(`live.${state}.explanation`)} multiline maw={280}>
      <Group gap={6} wrap="nowrap" role="status" data-live={state}>
        <span className={classes.dot} data-state={state} aria-hidden />
        <Text size="xs" c="dimmed" visibleFrom="sm">{t(`live.${state}.title`)}</Text>
        <Text size="xs" hiddenFrom="sm" className={classes.hidden}>{t(`live.${state}.title`)}</Text>
      </Group>
    </Tooltip>
  )
}
