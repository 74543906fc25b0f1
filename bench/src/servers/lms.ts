import { type SandboxLmsOptions, startSandboxLms } from '@commerce-mesh/testing'
import { serve } from './serve.ts'

// The sandbox LMS as a process of its own, so that what it costs is not counted with the mesh.

const lms = await startSandboxLms(JSON.parse(process.argv[2] ?? '{}') as SandboxLmsOptions)
serve(
  { url: lms.url },
  (question, detail) => {
    if (question === 'faults') return lms.setFaults(detail as never)
    if (question === 'effects') return lms.effects().reduce((sum, { effects }) => sum + effects, 0)
    return undefined
  },
  lms.close,
)
