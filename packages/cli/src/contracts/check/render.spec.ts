import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { renderGithub } from '../../findings/github.ts'
import { PLAIN } from '../../terminal/paint.ts'
import { checkContracts } from './check.ts'
import { renderFindings, renderVerdict, reportedFindings } from './render.ts'
import { parcel, parcelData, published, READERS } from './shop.fixture.ts'

const { buyer, size } = parcelData.shape

const changed = parcel(
  parcelData.omit({ buyer: true }).extend({ to: buyer, size: z.enum([...size.options, 'l']) }),
  { order: 'O-1', to: { mail: 'a@b.example', name: 'A' }, size: 'm' },
)

const findings = checkContracts({
  contracts: [changed],
  baseline: published(parcel()),
  readers: READERS.slice(0, 2),
})

describe('findings', () => {
  it('say what changed, who refuses what, whom it breaks and what to do', () => {
    expect(renderFindings(findings, PLAIN)).toEqual([
      'parcel.sent.v1  breaks',
      '  buyer: renamed to to  MESH_CONTRACT_BREAKS',
      '    new readers of old events: refused (is missing: to; not a field: buyer). old readers of new events: refused.',
      '    breaks mail/tell-buyer (reads buyer.mail), board/count (does not read it, but its contract refuses the event), the route mesh.yaml:4:5 to mail/tell-buyer (its condition looks at buyer.name)',
      '    Fix: Keep buyer and add to as optional, or publish parcel.sent v2 with an upcast (docs/changing-a-contract.md).',
      "  size: may also be 'l'  MESH_CONTRACT_READERS_FIRST",
      '    new readers of old events: taken. old readers of new events: refused.',
      '    deploy first: mail/tell-buyer (does not read it, but until then its contract refuses the event), board/count (does not read it, but until then its contract refuses the event), the route mesh.yaml:4:5 to mail/tell-buyer (its condition looks at size)',
      '    Fix: Run mesh contracts publish with the change, and deploy every reader of this event before anything that writes it.',
      '  stored event 01-sample.json is refused: data.to is missing; data.buyer is not a field of the contract  MESH_CONTRACT_EXAMPLE',
      '    Fix: Make the contract take it again: such events are stored, and may be read or redriven at any time.',
      '',
    ])
  })

  it('say so where nobody can tell', () => {
    const ruled = parcel(parcelData.refine(() => true, { error: 'must be nice' }))
    const [, , verdicts] = renderFindings(
      checkContracts({ contracts: [ruled], baseline: published(parcel()), readers: [] }),
      PLAIN,
    )
    expect(verdicts).toBe(
      '    new readers of old events: may be refused, no schema can tell. old readers of new events: taken.',
    )
  })

  it('end with how many there are, and against what', () => {
    const of = (some: typeof findings) => renderVerdict(some, { count: 3, against: 'main' }, PLAIN)
    expect(of(findings)).toBe('3 contracts against main: 2 errors, 1 warning')
    expect(of([])).toBe('3 contracts against main: nothing changed that anybody would notice')
  })

  it('appear beside the published files in a pull request', () => {
    const [first] = renderGithub(reportedFindings(findings, (name) => `published/${name}`))
    expect(first).toBe(
      '::error file=published/parcel.sent.v1/schema.json,line=1,col=1,title=MESH_CONTRACT_BREAKS::buyer: renamed to to (parcel.sent.v1). ' +
        'new readers of old events: refused (is missing: to; not a field: buyer). old readers of new events: refused. ' +
        'breaks mail/tell-buyer (reads buyer.mail), board/count (does not read it, but its contract refuses the event), the route mesh.yaml:4:5 to mail/tell-buyer (its condition looks at buyer.name). ' +
        'Keep buyer and add to as optional, or publish parcel.sent v2 with an upcast (docs/changing-a-contract.md).',
    )
  })
})
