import { isMainThread } from 'node:worker_threads'

// For `node --import`: puts the instrumentations of mesh.yaml (telemetry.instrumentations) in place before anything
// else is loaded, since what is loaded already can't be patched any more. Worker threads inherit --import; they run no
// code that an instrumentation could see.
if (isMainThread) {
  const { putInPlace, wantedInstrumentations } = await import('./instrumentations/preload.ts')
  await putInPlace(wantedInstrumentations(process.argv, process.cwd()))
}
