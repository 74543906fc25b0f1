// A printer for trying the plugin: takes certificates and shows what it prints. `node printer.js [PORT]`
import { createServer } from 'node:http'

const printed = new Map()

const server = createServer((request, response) => {
  const [, id] = /^\/certificates\/([0-9a-f]{16})$/.exec(request.url ?? '') ?? []
  if (request.method !== 'PUT' || id === undefined) return response.writeHead(404).end()
  let body = ''
  request.setEncoding('utf8').on('data', (chunk) => (body += chunk))
  request.on('end', () => {
    if (!printed.has(id)) console.log(`printed ${id} ${body}`)
    printed.set(id, body)
    response.writeHead(201).end()
  })
})

server.listen(Number(process.argv[2] ?? 8631), '127.0.0.1', () => {
  console.log(`The printer listens at http://127.0.0.1:${server.address().port}`)
})
