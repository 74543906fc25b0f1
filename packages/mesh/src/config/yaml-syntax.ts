import type { ErrorCode } from 'yaml'

const MESSAGES: Readonly<Partial<Record<ErrorCode, string>>> = {
  ALIAS_PROPS: 'an alias takes no anchor and no tag.',
  BAD_ALIAS: 'this is not an alias: an asterisk begins one, so text that begins with it needs quotes.',
  BAD_DIRECTIVE: 'this is not a directive: text that begins with % needs quotes.',
  BAD_DQ_ESCAPE:
    'text in double quotes holds a backslash that escapes nothing; single quotes take it as it is.',
  BAD_INDENT: 'the indentation does not fit the lines above.',
  BAD_SCALAR_START: 'text can’t begin with this character; put it into quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'a section begins where a value stands; text with a colon and a space needs quotes.',
  BLOCK_IN_FLOW: 'an indented section can’t stand between brackets.',
  DUPLICATE_KEY: 'this key stands twice in the same section.',
  MISSING_CHAR: 'a character is missing: a closing quote or bracket, a comma, a colon or a space.',
  MULTILINE_IMPLICIT_KEY: 'a key runs over several lines; is the colon behind it missing?',
  MULTIPLE_DOCS: 'the file holds multiple documents (---); there must be one.',
  NON_STRING_KEY: 'a key must be text.',
  TAB_AS_INDENT: 'a tab stands in the indentation; use spaces.',
  TAG_RESOLVE_FAILED: 'this tag (!…) is not known here; text that begins with ! needs quotes.',
  UNEXPECTED_TOKEN:
    'something stands here that can’t: an indicator, a quote or text behind the end of a value.',
}

/**
 * What a mistake in the YAML is called. The parser's own messages repeat pieces of the file, which may be secrets;
 * these never do.
 */
export const syntaxMessage = (code: ErrorCode): string => MESSAGES[code] ?? 'the line is not valid YAML.'
