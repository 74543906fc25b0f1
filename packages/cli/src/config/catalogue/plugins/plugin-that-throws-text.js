const settings = process.env['NO_SUCH_SETTING'] ?? ''
if (settings === '') throw 'no settings'

export default { name: 'certificates', runtime: '0.1', services: [] }
