import path from 'node:path'
import { run } from '../process/run.ts'

/** A program that a recipe needs. */
export type Tool = {
  /** How it is called. */
  readonly command: string
  /** Version as it tells it. */
  readonly version: string
}

/** What is missing on this machine, and how to get it. */
export type Missing = { readonly what: string; readonly how: string }

/** What a look for a program found. */
export type Looked = { readonly tool: Tool } | { readonly missing: Missing }

const first = (pattern: RegExp, text: string): string | undefined => pattern.exec(text)?.[1]

const ask = async (command: string, args: readonly string[]): Promise<string | undefined> => {
  const { ok, output } = await run(command, args, { timeoutMs: 30_000 })
  return ok ? output : undefined
}

/** Whether a version such as `3.11.7` is at least another, such as `3.10`. */
export const isAtLeast = (version: string, least: string): boolean => {
  const wanted = least.split('.').map(Number)
  const found = version.split('.').map((part) => Number.parseInt(part, 10))
  for (const [index, number] of wanted.entries()) {
    const other = found[index] ?? 0
    if (other !== number) return other > number
  }
  return true
}

const JAVA: Missing = {
  what: 'Java 17 or later',
  how: 'Debian, Ubuntu: `sudo apt-get install openjdk-17-jre-headless`; macOS: `brew install openjdk@17`; https://adoptium.net',
}

const MAVEN: Missing = {
  what: 'Maven 3',
  how: 'Debian, Ubuntu: `sudo apt-get install maven`; macOS: `brew install maven`; https://maven.apache.org',
}

const PYTHON: Missing = {
  what: 'Python 3.11 or later with venv',
  how: 'Debian, Ubuntu: `sudo apt-get install python3 python3-venv`; macOS: `brew install python@3.11`; https://www.python.org',
}

const GO: Missing = { what: 'Go 1.25 or later', how: 'https://go.dev/dl; macOS: `brew install go`' }

/** Java, from JAVA_HOME or the PATH. */
export const findJava = async (env = process.env): Promise<Looked> => {
  const home = env['JAVA_HOME'] ?? ''
  const commands = [...(home === '' ? [] : [path.join(home, 'bin', 'java')]), 'java']
  for (const command of commands) {
    const version = first(/version "([^"]+)"/, (await ask(command, ['-version'])) ?? '')
    if (version !== undefined && isAtLeast(version, '17')) return { tool: { command, version } }
  }
  return { missing: JAVA }
}

/** Maven. */
export const findMaven = async (): Promise<Looked> => {
  const version = first(/Apache Maven (\S+)/, (await ask('mvn', ['-v', '-B'])) ?? '')
  return version === undefined ? { missing: MAVEN } : { tool: { command: 'mvn', version } }
}

/** A Python that can make virtual environments. */
export const findPython = async (): Promise<Looked> => {
  for (const command of ['python3', 'python3.11', 'python3.12', 'python3.13', 'python3.14', 'python']) {
    const version = first(
      /^Python (\S+)/m,
      (await ask(command, ['-c', 'import sys, venv, ensurepip; print("Python", sys.version)'])) ?? '',
    )
    if (version !== undefined && isAtLeast(version, '3.11')) return { tool: { command, version } }
  }
  return { missing: PYTHON }
}

/** Go. */
export const findGo = async (): Promise<Looked> => {
  const version = first(/go version go(\S+)/, (await ask('go', ['version'])) ?? '')
  return version !== undefined && isAtLeast(version, '1.25')
    ? { tool: { command: 'go', version } }
    : { missing: GO }
}
