import { print } from '@vendor/no-such-printer'

export default print
