import { type Html, markup } from './markup.ts'

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

const token = (text: string, string: string | undefined, colon: string | undefined): Html => {
  if (string === undefined) return markup`<span class="v">${text}</span>`
  return colon === undefined
    ? markup`<span class="s">${string}</span>`
    : markup`<span class="k">${string}</span>${colon}`
}

/** A value as JSON of two blanks a level, with its names, texts and other values told apart by class: `k`, `s`, `v`. */
export const jsonHtml = (value: unknown): Html => {
  const text = JSON.stringify(value, undefined, 2)
  const parts: Html[] = []
  let end = 0
  for (const found of text.matchAll(TOKEN)) {
    const [all, string, colon] = found
    parts.push(markup`${text.slice(end, found.index)}`, token(all, string, colon))
    end = found.index + all.length
  }
  return markup`${parts}${text.slice(end)}`
}
