import type { DataModel } from '@/api/types'

/** What people call a model: its manufacturer, product class and firmware. */
export function modelName({ manufacturer, productClass, softwareVersion }: Pick<DataModel, 'manufacturer' | 'productClass' | 'softwareVersion'>): string {
  return [manufacturer, productClass, softwareVersion].filter(Boolean).join(' ') || '–'
}
