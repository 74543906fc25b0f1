import { describe, expect, it } from '@jest/globals'
import { Catalogue } from './catalogue.ts'

const load = 'course-v1:Load+X+1'

describe('Catalogue', () => {
  it('knows alice, bob, carol and dave and the demonstration course', () => {
    const catalogue = new Catalogue()
    const ids = ['alice', 'bob', 'carol', 'dave'].map((name) => catalogue.user(name)?.id)
    expect(ids).toEqual([4, 5, 6, 7])
    expect(catalogue.userById(4)?.email).toBe('alice@example.com')
    const slugs = catalogue.course('course-v1:edX+DemoX+Demo_Course')?.modes.map((mode) => mode.slug)
    expect(slugs).toEqual(expect.arrayContaining(['audit', 'honor', 'verified', 'professional', 'credit']))
  })

  it('takes more of both, the same name replacing the default', () => {
    const alice = { username: 'alice', id: 400, email: 'a@example.org' }
    const catalogue = new Catalogue({ users: [alice], courses: [{ id: load, name: 'Mine' }] })
    expect(catalogue.userById(400)?.username).toBe('alice')
    expect([catalogue.userById(4), catalogue.userByEmail('alice@example.com')]).toEqual([
      undefined,
      undefined,
    ])
    expect(catalogue.course(load)?.name).toBe('Mine')
  })

  it('creates nothing unless asked to', () => {
    const catalogue = new Catalogue()
    catalogue.admitUsername('learner-77')
    catalogue.admitEmail('learner-77@example.com')
    catalogue.admitId(77)
    catalogue.admitCourse(load)
    expect([catalogue.user('learner-77'), catalogue.userById(77), catalogue.course(load)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('forgets on reset what came into being', () => {
    const catalogue = new Catalogue({ autoCreate: true })
    catalogue.admitUsername('learner-77')
    catalogue.deactivate('alice')
    catalogue.reset()
    expect(catalogue.user('learner-77')).toBeUndefined()
    expect(catalogue.isDeactivated('alice')).toBe(false)
  })
})

describe('autoCreate', () => {
  it('makes one account of learner-77, its id and its address, whichever comes first', () => {
    const byName = new Catalogue({ autoCreate: true })
    byName.admitUsername('learner-77')
    byName.admitId(77)
    byName.admitEmail('learner-77@example.com')
    expect(byName.userById(77)).toBe(byName.user('learner-77'))
    expect(byName.userByEmail('learner-77@example.com')).toBe(byName.user('learner-77'))
    const byId = new Catalogue({ autoCreate: true })
    byId.admitId(77)
    expect(byId.userById(77)?.username).toBe('learner-77')
    const byEmail = new Catalogue({ autoCreate: true })
    byEmail.admitEmail('learner-77@shop.example')
    expect(byEmail.userById(77)?.email).toBe('learner-77@shop.example')
  })

  it('leaves the ids of the catalogue alone and never gives one id to two', () => {
    const catalogue = new Catalogue({ autoCreate: true })
    catalogue.admitUsername('learner-4')
    expect(catalogue.userById(4)?.username).toBe('alice')
    expect(catalogue.user('learner-4')?.id).toBeGreaterThan(1_000_000)
    catalogue.admitEmail('ann@a.example')
    catalogue.admitEmail('ann@b.example')
    const names = ['ann@a.example', 'ann@b.example'].map((email) => catalogue.userByEmail(email)?.username)
    expect(new Set(names).size).toBe(2)
  })

  it('leaves other user names, other organisations and nonsense unknown', () => {
    const catalogue = new Catalogue({ autoCreate: true })
    for (const name of ['nobody', 'learner-', 'learner-x']) catalogue.admitUsername(name)
    for (const id of [0, -1, 1.5, Number.NaN]) catalogue.admitId(id)
    catalogue.admitCourse('course-v1:edX+X+1')
    catalogue.admitCourse(load)
    expect(
      catalogue.user('nobody') ?? catalogue.user('learner-') ?? catalogue.user('learner-x'),
    ).toBeUndefined()
    expect(catalogue.userById(0) ?? catalogue.userById(-1)).toBeUndefined()
    expect(catalogue.course('course-v1:edX+X+1')).toBeUndefined()
    expect(catalogue.course(load)?.id).toBe(load)
  })
})
