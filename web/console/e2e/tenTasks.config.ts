import { alone } from './harness/alone.ts'

export default alone('tenTasks.ts')
