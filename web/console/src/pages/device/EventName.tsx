import { useTranslation } from 'react-i18next'

/** The event codes of CWMP (TR-069 table 7) that the texts explain, by what they begin with. */
const known = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13', '14']

/** The end of the text key device.event.… that explains an event code; undefined for one of a vendor. */
export function eventName(code: string): string | undefined {
  const [first = '', second = ''] = code.split(' ')
  if (known.includes(first)) return first
  return first === 'M' && /^(Reboot|ScheduleInform|Download|Upload)$/.test(second) ? `M${second}` : undefined
}

/** What an event of an Inform means, in words. */
export function EventName({ code }: { code: string }) {
  const { t } = useTranslation()
  const name = eventName(code)
  return <>{name ? t(`device.event.${name}`) : code}</>
}
