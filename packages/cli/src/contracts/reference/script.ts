/** The page's only script: a filter and copy buttons. Without it the page is complete, and neither is shown. */
export const SCRIPT = `
const tools = document.querySelector('.tools')
const filter = document.querySelector('#filter')
const told = document.querySelector('#told')
const events = [...document.querySelectorAll('section.event')].map((section) => ({
  section,
  text: section.textContent.toLowerCase(),
  links: [...document.querySelectorAll('[data-event]')].filter((one) => one.dataset.event === section.id),
}))
const apply = () => {
  const words = filter.value.toLowerCase().split(/\\s+/).filter(Boolean)
  let shown = 0
  for (const { section, text, links } of events) {
    const fits = words.every((word) => text.includes(word))
    shown += fits ? 1 : 0
    for (const one of [section, ...links]) one.hidden = !fits
  }
  told.textContent = words.length === 0 ? '' : shown === 0 ? 'Nothing has all of these words.' : shown + ' of ' + events.length + ' events'
}
filter.addEventListener('input', () => {
  apply()
  scrollTo(0, 0)
})
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement !== filter) {
    event.preventDefault()
    filter.focus()
  } else if (event.key === 'Escape' && document.activeElement === filter) {
    filter.value = ''
    apply()
  }
})
const openTarget = () => {
  const wanted = events.find(({ section }) => section.id === decodeURIComponent(location.hash.slice(1)))
  if (wanted !== undefined && wanted.section.hidden) {
    filter.value = ''
    apply()
    wanted.section.scrollIntoView()
  }
}
addEventListener('hashchange', openTarget)
for (const button of document.querySelectorAll('button.copy')) {
  button.hidden = false
  const label = button.textContent
  button.addEventListener('click', async () => {
    const text = button.dataset.text ?? button.previousElementSibling.textContent
    const copied = await navigator.clipboard?.writeText(text).then(() => true, () => false)
    button.textContent = copied ? 'Copied' : 'Not allowed: copy by hand'
    setTimeout(() => { button.textContent = label }, 1500)
  })
}
tools.hidden = false
`
