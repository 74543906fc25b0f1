const part = String.raw`[\p{L}\p{N}_\-~.:]+`
const current = new RegExp(`^course-v1:(${part})\\+(${part})\\+(${part})$`, 'u')
const deprecated = new RegExp(`^(${part})/(${part})/(${part})$`, 'u')

/** The parts of a course key, `course-v1:Org+Course+Run` or the deprecated `Org/Course/Run`. */
export interface CourseKey {
  readonly org: string
  readonly course: string
  readonly run: string
}

/** Reads a course key as opaque-keys does; `null` where the text is none (the LMS: `InvalidKeyError`). */
export function parseCourseKey(text: string): CourseKey | null {
  const found = current.exec(text) ?? deprecated.exec(text)
  if (!found) return null
  const [, org = '', course = '', run = ''] = found
  return { org, course, run }
}
