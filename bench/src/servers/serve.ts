/** Answers the questions of the process that measures; every server module ends with this. */
export const serve = (
  ready: Readonly<Record<string, unknown>>,
  answer: (question: string, detail: unknown) => unknown,
  stop: () => Promise<void>,
): void => {
  const usage = () => {
    const { user, system } = process.cpuUsage()
    return { cpuMs: (user + system) / 1000, rssMb: process.memoryUsage.rss() / 1_048_576 }
  }
  process.on('message', (message: { id: number; question: string; detail?: unknown }) => {
    const reply = async () => {
      if (message.question === 'stop') {
        await stop()
        process.disconnect()
        return
      }
      process.send?.({
        id: message.id,
        answer: message.question === 'usage' ? usage() : await answer(message.question, message.detail),
      })
    }
    void reply()
  })
  process.send?.(ready)
}
