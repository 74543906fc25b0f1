const WIDTH = 110

const wrapped = (text: string, width: number): readonly string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/**
 * A doc comment: on one line where it has one paragraph that fits, else on several; none where there is nothing to say.
 *
 * @param paragraphs - plain text; empty ones are left out.
 * @param indent - blanks before each line.
 */
export const docComment = (paragraphs: readonly string[], indent = ''): readonly string[] => {
  const said = paragraphs.filter((text) => text !== '').map((text) => text.replaceAll('*/', '*\\/'))
  const [first] = said
  if (first === undefined) return []
  const short = `${indent}/** ${first} */`
  if (said.length === 1 && short.length <= WIDTH) return [short]
  const body = said.flatMap((text, nth) => [
    ...(nth === 0 ? [] : [`${indent} *`]),
    ...wrapped(text, WIDTH - indent.length - 3).map((line) => `${indent} * ${line}`),
  ])
  return [`${indent}/**`, ...body, `${indent} */`]
}
