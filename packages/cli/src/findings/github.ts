import type { ReportedFinding } from './finding.ts'

/** What GitHub's workflow commands take for ends and separators ("Workflow commands", toolkit's `command.ts`). */
const inMessage = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

const inProperty = (text: string): string => inMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

/** Findings as GitHub's workflow commands: they appear beside the lines of a pull request. */
export const renderGithub = (findings: readonly ReportedFinding[]): readonly string[] =>
  findings.map(
    ({ severity, file, line, column, code, path, message, fix }) =>
      `::${severity} file=${inProperty(file)},line=${line},col=${column},title=${inProperty(code)}::` +
      inMessage(`${path === '' ? '' : `${path}: `}${message} ${fix}`),
  )
