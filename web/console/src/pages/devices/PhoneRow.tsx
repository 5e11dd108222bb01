import type { Device } from '@/api/types'
import { nameOf } from '@/devices/name'
import { cellOf, DeviceLink, type CellContext } from './cells'
import classes from './table.module.css'

/** A device in two lines, where there is no room for columns. */
export function PhoneRow({ device, context }: { device: Device; context: CellContext }) {
  return (
    <div role="gridcell" className={classes.phone}>
      <span className={classes.phoneLine}>
        <strong className={classes.cell}><DeviceLink id={device.id}>{nameOf(device)}</DeviceLink></strong>
        {cellOf(device, 'state', context)}
      </span>
      <span className={classes.phoneLine} data-quiet>
        <span className={classes.cell}>{[device.model, device.group].filter(Boolean).join(' · ')}</span>
        {cellOf(device, 'lastInform', context)}
      </span>
    </div>
  )
}
