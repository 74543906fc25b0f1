/** The page's style: light and dark as the reader's system says, one column on a narrow screen. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1b2733; --quiet: #56687a; --ground: #ffffff; --raised: #f4f7fa; --line: #d5dee6; --link: #1d5fa8;
  --name: #1d5fa8; --text: #2a6f3c; --value: #9a4a00; --key: #1d5fa8; --personal: #a3320b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #dfe7ee; --quiet: #9db0c0; --ground: #12181f; --raised: #1b242d; --line: #33424f; --link: #7db7f0;
    --name: #7db7f0; --text: #8fd19e; --value: #f0b27a; --key: #7db7f0; --personal: #f5a388;
  }
}
* { box-sizing: border-box }
[hidden] { display: none !important }
html { scroll-padding-top: 1rem }
body { margin: 0; color: var(--ink); background: var(--ground); font: 16px/1.5 system-ui, sans-serif }
a { color: var(--link) }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .875em }
.page { display: grid; grid-template-columns: 17rem minmax(0, 1fr); max-width: 84rem; margin: 0 auto }
.side { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1.5rem 1rem 1.5rem 1.5rem; border-right: 1px solid var(--line) }
.side h2 { margin: 1.25rem 0 .25rem; font-size: .8rem; color: var(--quiet); text-transform: uppercase; letter-spacing: .04em }
.side ul { list-style: none; margin: 0; padding: 0 }
.group:not(:has(li:not([hidden]))) { display: none }
.side a { display: block; padding: .2rem 0; text-decoration: none; font-size: .9rem; overflow-wrap: anywhere }
.side a:hover { text-decoration: underline }
main { padding: 1.5rem 2rem 4rem; min-width: 0 }
h1 { margin: 0 0 .5rem; font-size: 1.75rem; line-height: 1.2 }
.lead { max-width: 46rem }
.tools { margin-bottom: .5rem }
#filter { width: 100%; padding: .5rem .6rem; font: inherit; font-size: .9rem; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: 6px }
#told { margin: .25rem 0 0; min-height: 1.2rem; font-size: .8rem; color: var(--quiet) }
.event { border-top: 1px solid var(--line); margin-top: 2.5rem; padding-top: 1.5rem }
.event h2 { margin: 0; font-size: 1.35rem; overflow-wrap: anywhere }
.event h2 a { color: inherit; text-decoration: none }
.event h2 a:hover { text-decoration: underline }
h3 { margin: 1.5rem 0 .5rem; font-size: 1rem }
.summary { margin: .25rem 0 1rem; font-size: 1.05rem }
.older { padding: .5rem .75rem; background: var(--raised); border-radius: 6px }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem 1.25rem; margin: 0 }
dt { color: var(--quiet) }
dd { margin: 0 }
dd ul { list-style: none; margin: 0; padding: 0 }
.wide { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px }
table { border-collapse: collapse; width: 100%; font-size: .9rem }
th, td { padding: .45rem .75rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line) }
thead th { border-top: 0; background: var(--raised); color: var(--quiet); font-weight: 600; white-space: nowrap }
tbody th { font-weight: 400; min-width: 11rem }
tbody th code { font-weight: 600 }
.fields td:nth-child(2) { min-width: 11rem }
.fields td:nth-child(4) { min-width: 18rem }
.mark { display: inline-block; padding: 0 .4rem; border: 1px solid currentColor; border-radius: 1rem; font-size: .72rem; line-height: 1.4; white-space: nowrap }
.mark.key { color: var(--key) }
.mark.personal { color: var(--personal) }
.rule { color: var(--quiet) }
.rule code { overflow-wrap: anywhere }
details { margin-bottom: .5rem }
summary { cursor: pointer; padding: .2rem 0 }
.code { position: relative }
pre { margin: 0; padding: .75rem 1rem; overflow-x: auto; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; line-height: 1.45 }
.k { color: var(--name) } .s { color: var(--text) } .v { color: var(--value) }
button { font: inherit; font-size: .75rem; padding: .15rem .55rem; color: var(--quiet); background: var(--ground); border: 1px solid var(--line); border-radius: 6px; cursor: pointer }
button:hover { color: var(--ink) }
.code button { position: absolute; top: .5rem; right: .5rem }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: .85rem }
@media (max-width: 52rem) {
  .page { display: block }
  .side { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); padding: 1rem }
  main { padding: 1rem }
  dl { grid-template-columns: 1fr; gap: 0 }
  dd { margin-bottom: .5rem }
  .fields, .fields tbody, .fields tr, .fields tbody th, .fields td { display: block }
  .fields thead { display: none }
  .fields tr { padding: .5rem .75rem; border-top: 1px solid var(--line) }
  .fields tbody th, .fields td { padding: 0; border: 0 }
  .fields td:nth-child(2), .fields td:nth-child(3) { color: var(--quiet) }
  .fields td:nth-child(3)::before { content: 'required: ' }
}
@media print {
  .side, button { display: none }
  .page { display: block }
}
`
