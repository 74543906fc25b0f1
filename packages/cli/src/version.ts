import description from '../package.json' with { type: 'json' }

/** Release of the mesh. */
export const VERSION: string = description.version
