import type { NumberShape, ScalarShape, TextShape } from '../schema/shape.ts'

const LETTERS = ['a', 'z', 'A', '0', '-', ' ', 'é', '\n']
/** A pattern may take long over a long text; without one, length alone is looked at. */
const LONGEST_WITH_PATTERN = 5000
const LONGEST = 2 ** 21

const candidateTexts = (writer: TextShape, readers: readonly TextShape[]): readonly string[] => {
  const longest = writer.patterns.length > 0 ? LONGEST_WITH_PATTERN : LONGEST
  const lengths = [writer, ...readers]
    .flatMap(({ fewest, most }) => [fewest, fewest - 1, most, most + 1])
    .concat(1, 2)
    .filter((length) => length >= 0 && length <= longest)
  const listed = readers.flatMap(({ values = [] }) => values)
  const plain = LETTERS.flatMap((letter) => [...new Set(lengths)].map((length) => letter.repeat(length)))
  const mixed = plain
    .filter((text) => text.length > 1)
    .flatMap((text) => [`a${text.slice(1)}`, `${text.slice(1)}0`])
  return [...plain, ...mixed, ...listed]
}

const isFinite = (value: number) => Number.isFinite(value)

const candidateNumbers = (writer: NumberShape, readers: readonly NumberShape[]): readonly number[] => {
  const all = [writer, ...readers]
  const steps = all.flatMap((shape) => shape.steps)
  const product = steps.reduce((times, step) => times * step, 1)
  const anchors = [0, ...all.flatMap(({ least, most }) => [least.at, most.at]).filter(isFinite)]
  const units = [1, 0.5, 0.0625, product, ...steps]
  return anchors.flatMap((anchor) =>
    units.flatMap((unit) =>
      [-3, -2, -1, 0, 1, 2, 3].flatMap((times) => [
        anchor + times * unit,
        (Math.round(anchor / unit) + times) * unit,
      ]),
    ),
  )
}

/** Values near everything that tells a writer's scalar from its readers': among them is one that only the writer takes, if any is easy to find. */
export const candidatesOf = (writer: ScalarShape, readers: readonly ScalarShape[]): readonly unknown[] => {
  if (writer.kind === 'text')
    return candidateTexts(
      writer,
      readers.filter((reader) => reader.kind === 'text'),
    )
  if (writer.kind === 'number')
    return candidateNumbers(
      writer,
      readers.filter((reader) => reader.kind === 'number'),
    )
  return []
}
