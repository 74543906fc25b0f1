// The image's health check: `node health.mjs [URL…]` ends with 0 when one of the addresses answers with a 2xx.
// Without addresses: the status port of a service that runs on its own, or the gateway's.
const named = process.argv.slice(2)
const urls = named.length > 0 ? named : ['http://127.0.0.1:8090/healthz', 'http://127.0.0.1:8080/healthz']

const isAlive = async (url) => {
  const { ok } = await fetch(url, { signal: AbortSignal.timeout(4_000) })
  if (!ok) throw new Error(`${url} is not well`)
}

try {
  await Promise.any(urls.map(isAlive))
} catch {
  process.exit(1)
}
process.exit(0)
