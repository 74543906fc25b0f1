import fc from 'fast-check'
import { anyModel } from './model.fixture.ts'
import type { Model } from './model.fixture.ts'

type Of<Kind extends Model['is']> = Extract<Model, { is: Kind }>

const NEW: readonly Model[] = [
  { is: 'text' },
  { is: 'text', max: 3 },
  { is: 'number', whole: true, min: 0 },
  { is: 'boolean' },
  { is: 'enum', values: ['r', 's'] },
]

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f']

/** Bounds moved, made or dropped. */
const withEnds = <M extends { readonly min?: number; readonly max?: number }>(model: M): readonly M[] => {
  const { min, max, ...plain } = model
  const { min: _min, ...noMin } = model
  const { max: _max, ...noMax } = model
  return [
    plain as M,
    noMin as M,
    noMax as M,
    { ...model, min: (min ?? 0) + 1 },
    { ...model, max: (max ?? 3) + 1 },
    ...(max === undefined || max <= (min ?? 0) ? [] : [{ ...model, max: max - 1 }]),
    ...(min === undefined || min === 0 ? [] : [{ ...model, min: min - 1 }]),
  ]
}

const ofObject = (model: Of<'object'>): readonly Model[] => {
  const entries = Object.entries(model.fields)
  const free = NAMES.find((name) => !Object.hasOwn(model.fields, name)) ?? 'g'
  const { others, ...strict } = model
  const replaced = (nth: number, ...fields: typeof entries): Model => ({
    ...model,
    fields: Object.fromEntries([...entries.slice(0, nth), ...fields, ...entries.slice(nth + 1)]),
  })
  return [
    ...entries.flatMap(([name, field], nth) => [
      replaced(nth),
      replaced(nth, [free, field]),
      ...(['be left out', 'default', 'not be left out'] as const).map((may) =>
        replaced(nth, [name, { ...field, may }]),
      ),
      ...mutationsOf(field.of).map((of) => replaced(nth, [name, { ...field, of }])),
    ]),
    ...NEW.flatMap((of) =>
      (['be left out', 'default', 'not be left out'] as const).map((may): Model => ({
        ...model,
        fields: { ...model.fields, [free]: { of, may } },
      })),
    ),
    ...(others === undefined
      ? []
      : [strict, ...mutationsOf(others).map((one) => ({ ...model, others: one }))]),
    { ...model, others: { is: 'anything' } },
    { ...model, others: { is: 'text' } },
  ]
}

const ofList = (all: readonly Model[], make: (all: readonly Model[]) => Model): readonly Model[] => [
  ...all.flatMap((one, nth) => mutationsOf(one).map((next) => make(all.with(nth, next)))),
  ...(all.length > 1 ? all.map((_, nth) => make(all.toSpliced(nth, 1))) : []),
  ...NEW.map((one) => make([...all, one])),
]

const inside = (model: Model): readonly Model[] => {
  switch (model.is) {
    case 'text':
      return [
        ...withEnds(model),
        ...['^[a-z]+$', '^a', '^[a-z]{2,}$'].map((pattern): Model => ({ is: 'text', pattern })),
        { is: 'text' },
      ]
    case 'enum':
      return [
        ...['r', 's', 't', 'u', 'v'].map((value): Model => ({
          is: 'enum',
          values: [...new Set([...model.values, value])],
        })),
        ...(model.values.length > 1
          ? model.values.map((_, nth): Model => ({ is: 'enum', values: model.values.toSpliced(nth, 1) }))
          : []),
        { is: 'text', min: 1 },
      ]
    case 'literal':
      return [
        { is: 'enum', values: ['r', 's'] },
        { ...model, value: 's' },
        { is: 'literal', value: 2 },
      ]
    case 'number': {
      const { step: _step, ...stepless } = model
      return [
        ...withEnds(model),
        { ...model, whole: !model.whole },
        stepless,
        ...[2, 4, 0.5].map((step) => ({ ...model, step })),
        { ...model, above: 0 },
      ]
    }
    case 'boolean':
      return [{ is: 'literal', value: true }]
    case 'anything':
      return [{ is: 'object', fields: {} }]
    case 'nullable':
      return [model.of, ...mutationsOf(model.of).map((of): Model => ({ is: 'nullable', of }))]
    case 'list':
      return [...withEnds(model), ...mutationsOf(model.of).map((of) => ({ ...model, of }))]
    case 'tuple': {
      const { rest, ...closed } = model
      return [
        ...ofList(model.items, (items) => ({ ...model, items })),
        ...(rest === undefined ? [] : [closed, ...mutationsOf(rest).map((one) => ({ ...model, rest: one }))]),
        { ...model, rest: { is: 'text' } },
      ]
    }
    case 'record':
      return [
        ...mutationsOf(model.of).map((of) => ({ ...model, of })),
        { is: 'record', of: model.of },
        { ...model, names: ['a', 'b'] },
        { is: 'object', fields: { a: { of: model.of, may: 'be left out' } }, others: model.of },
      ]
    case 'object':
      return ofObject(model)
    case 'union':
      return ofList(model.options, (options) => ({ is: 'union', options }))
  }
}

/** Every model that is one step away. */
const mutationsOf = (model: Model): readonly Model[] => [
  ...inside(model),
  { is: 'nullable', of: model },
  { is: 'boolean' },
  { is: 'union', options: [model, { is: 'text', max: 2 }] },
]

const mutated = (model: Model, choices: readonly number[]): Model =>
  choices.reduce<Model>((now, choice) => {
    const ways = now.is === 'object' ? ofObject(now) : mutationsOf(now)
    return ways[choice % ways.length] ?? now
  }, model)

/** Two models: one, and what became of it in up to three steps. */
export const pairOfModels: fc.Arbitrary<readonly [Model, Model]> = fc
  .tuple(anyModel, fc.array(fc.nat({ max: 1_000_003 }), { minLength: 1, maxLength: 3 }))
  .map(([model, choices]) => [model, mutated(model, choices)] as const)
