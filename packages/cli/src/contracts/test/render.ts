import type { Verdict } from '@commerce-mesh/contracts'
import type { Paint } from '../../terminal/paint.ts'

/** One line about one event. */
export type RenderVerdict = (file: string, line: number, verdict: Verdict) => string

/** `orders.jsonl:3 contract order.placed.v1 data.total must be an integer; source may not emit …` */
export const renderText =
  (paint: Paint): RenderVerdict =>
  (file, line, verdict) => {
    if (verdict.verdict === 'ok') return `${file}:${line} ${paint.green('ok')} ${verdict.type} ${verdict.key}`
    const found = verdict.findings
      .map(({ path, message }) => `${path === '' ? 'event' : path} ${message}`)
      .join('; ')
    const type = verdict.type === undefined ? '' : `${verdict.type} `
    return `${file}:${line} ${paint.red(verdict.verdict)} ${type}${found}`
  }

/** The same as a JSON object. */
export const renderJson: RenderVerdict = (file, line, judged) => {
  const { verdict, type, id, producer } = judged
  const more = judged.verdict === 'ok' ? { key: judged.key, findings: [] } : { findings: judged.findings }
  return JSON.stringify({ file, line, verdict, type, id, producer, ...more })
}
