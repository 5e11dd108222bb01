import { byArea } from './areas'

export default byArea(import.meta.glob<Record<string, unknown>>('./messages/en/*.json', { eager: true, import: 'default' }))
