import { describe, expect, it } from '@jest/globals'
import { plainCall } from '../../terminal/call.ts'
import { PLAIN } from '../../terminal/paint.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import {
  START,
  attentionTo,
  consumers,
  dead,
  joined,
  letter,
  order,
  placed,
  retry,
  submitted,
} from '../timeline.fixture.ts'
import { factLines, jsonFollower, textFollower } from './followers.ts'

const WORDING = { now: new Date(START + 10_000), paint: PLAIN }

const at = { timeline: [submitted] }

const captured = () => {
  const out: string[] = []
  const notes: string[] = []
  const terminal = {
    out: (line: string) => void out.push(line),
    note: (line: string) => void notes.push(line),
    paint: PLAIN,
    notePaint: PLAIN,
    now: () => WORDING.now,
  } as unknown as Terminal
  return { out, notes, context: { orderNumber: 'EDX-1', terminal, call: plainCall, where: 'http://mesh' } }
}

describe('factLines', () => {
  it('says when, who, what came of it and why', () => {
    expect([
      ...factLines(submitted, at, WORDING),
      ...factLines(joined, at, WORDING),
      ...factLines(retry(1_005, 2, 14_000), at, WORDING),
    ]).toEqual([
      '         +0 ms  order.submitted.v1  by shop',
      '         +2 ms  payments/handle  done  attempt 1  1.2 ms',
      '          +1 s  fulfillment/handle  retry  attempt 2  1.2 ms  MESH_LMS_UNAVAILABLE: No connection.',
      '                   waits: next attempt in 4 s, at 12:00:14Z',
    ])
  })

  it('says which route where that is asked for', () => {
    expect(factLines({ ...joined, route: 'default' }, at, { ...WORDING, explain: true })[1]?.trim()).toBe(
      'route: default',
    )
  })

  it('says what a person must do about a dead letter', () => {
    expect(factLines(letter(6), at, WORDING).map((line) => line.trim())).toEqual([
      '+6 ms  dead letter dl-1 (permanent)  MESH_LMS_LEARNER_UNKNOWN: No such learner.',
      expect.stringMatching(/^to do: .*redrive/),
      'mesh dead show dl-1',
    ])
  })
})

describe('textFollower', () => {
  it('writes the tree so far, then lines, then the end', () => {
    const { out, context } = captured()
    const follower = textFollower(context, { consumers })
    follower.first(order([submitted]))
    follower.facts([joined, placed], order([submitted, joined, placed]))
    follower.fulfilled(order([]))
    expect(out[0]).toBe('EDX-1  fulfilling')
    expect(out.slice(-4)).toEqual([
      expect.stringMatching(/└─ payments has not handled it yet/),
      '         +2 ms  payments/handle  done  attempt 1  1.2 ms',
      '         +3 ms  order.placed.v1',
      'EDX-1  fulfilled',
    ])
  })

  it('keeps what is no fact out of the result', () => {
    const { out, notes, context } = captured()
    const follower = textFollower(context, { consumers })
    follower.waiting()
    follower.silent(new Error('No mesh answers.\nDetails.'))
    follower.answering()
    follower.attention(order([dead(5)], { attention: [attentionTo(letter(6))] }))
    expect(out).toEqual([])
    expect(notes).toEqual([
      'No order EDX-1 is known to http://mesh yet; waiting for it. Ctrl-C ends this.',
      'No mesh answers. Asking again until it answers. Ctrl-C ends this.',
      'It answers again.',
      'A person must look at it: mesh dead show dl-1. It goes on here once a dead letter is redriven. Ctrl-C ends this.',
    ])
  })
})

describe('jsonFollower', () => {
  it('writes one entry of the timeline a line, and nothing else', () => {
    const { out, notes, context } = captured()
    const follower = jsonFollower(context)
    follower.first(order([submitted, joined]))
    follower.facts([placed], order([submitted, joined, placed]))
    follower.fulfilled(order([]))
    expect(out.map((line) => JSON.parse(line) as unknown)).toEqual([submitted, joined, placed])
    expect(notes).toEqual([])
  })
})
