/** Shows the details of the row that is pointed at; a click keeps them. Rows and details go by the same number. */
export const SCRIPT = `
const details = [...document.querySelectorAll('[data-detail]')]
const rows = [...document.querySelectorAll('[data-row]')]
let kept
const show = (nth) => {
  for (const one of details) one.hidden = one.dataset.detail !== nth
  for (const one of rows) one.classList.toggle('shown', one.dataset.row === nth)
}
for (const row of rows) {
  const nth = row.dataset.row
  const keep = () => { kept = kept === nth ? undefined : nth; show(nth) }
  row.addEventListener('mouseenter', () => { if (kept === undefined) show(nth) })
  row.addEventListener('click', keep)
  row.addEventListener('keydown', (event) => { if (event.key === 'Enter') keep() })
}
`

/** Looks of the page around the picture. */
export const PAGE_STYLE = `
  body { margin: 0; font: 14px/1.45 system-ui, sans-serif; color: #1b2733; background: #ffffff; color-scheme: light }
  figure { margin: 0; overflow-x: auto }
  [data-row] { cursor: pointer }
  aside { position: sticky; top: 0; bottom: 0; box-sizing: border-box; height: 210px; overflow: auto; padding: 10px 24px;
    background: #f4f7fa; border-top: 1px solid #c3ced8; border-bottom: 1px solid #c3ced8 }
  aside h2 { margin: 0 0 4px; font-size: 15px }
  aside p { margin: 0; color: #516678 }
  dl { display: grid; grid-template-columns: max-content 1fr max-content 1fr; gap: 2px 18px; margin: 0 }
  @media (max-width: 900px) { dl { grid-template-columns: max-content 1fr } }
  dt { color: #516678 }
  dd { margin: 0; overflow-wrap: anywhere }
  main { padding: 8px 24px 24px }
  main h2 { font-size: 16px }
  table { border-collapse: collapse; width: 100% }
  th, td { padding: 3px 14px 3px 0; border-bottom: 1px solid #e3e9ee; text-align: left; vertical-align: top }
  td { overflow-wrap: anywhere }
  th, td.time { white-space: nowrap }
  tr.shown td, tbody tr:hover td { background: #eef4fb }
  tr:focus-visible { outline: 2px solid #0072b2 }
  footer { color: #516678; margin-top: 16px }`
