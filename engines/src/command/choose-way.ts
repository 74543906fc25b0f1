import { EngineError } from '../engine-error.ts'
import type { Way } from '../engine/engine.ts'

/** What is known of Docker on this machine, for one engine. */
export type DockerState =
  | { readonly is: 'ready' }
  | { readonly is: 'absent' }
  | { readonly is: 'without image'; readonly image: string }

/** The way that was chosen, and why. */
export type Choice = { readonly way: Way; readonly why: string }

/** The way that MESH_ENGINES demands; undefined: none. @throws EngineError when it is something else */
export const demandedWay = (env: Readonly<Record<string, string | undefined>>): Way | undefined => {
  const demanded = env['MESH_ENGINES'] ?? ''
  if (demanded === '' || demanded === 'docker' || demanded === 'recipe')
    return demanded === '' ? undefined : demanded
  throw new EngineError(
    `MESH_ENGINES=${demanded} means nothing.`,
    'It may be `docker` or `recipe`; without it, Docker is taken where it works.',
    { exitCode: 2 },
  )
}

const whyNot = (docker: DockerState): string => {
  switch (docker.is) {
    case 'absent':
      return 'no Docker daemon answers here'
    case 'without image':
      return `the image ${docker.image} is not here and could not be pulled`
    case 'ready':
      return 'Docker works'
  }
}

/**
 * Chooses how an engine is started.
 *
 * @param size - number of brokers; a cluster is only made by recipe.
 * @param look - looks at Docker; not called where the answer is settled.
 * @throws EngineError when Docker is demanded and does not work, or can't do it.
 */
export const chooseWay = async (
  demanded: Way | undefined,
  size: number,
  look: () => Promise<DockerState>,
): Promise<Choice> => {
  if (demanded === 'recipe') return { way: 'recipe', why: 'MESH_ENGINES=recipe' }
  if (size > 1 && demanded === undefined) return { way: 'recipe', why: 'a cluster is only made by recipe' }
  if (size > 1)
    throw new EngineError('A cluster of brokers is only made by recipe.', 'Leave MESH_ENGINES=docker out.', {
      exitCode: 2,
    })
  const docker = await look()
  if (docker.is === 'ready')
    return { way: 'docker', why: demanded === 'docker' ? 'MESH_ENGINES=docker' : 'a Docker daemon answers' }
  if (demanded === undefined) return { way: 'recipe', why: whyNot(docker) }
  throw new EngineError(
    `MESH_ENGINES=docker, but ${whyNot(docker)}.`,
    'Start Docker and pull the images of docker-compose.yml (`docker compose pull`), or leave MESH_ENGINES out.',
    { exitCode: 3 },
  )
}
