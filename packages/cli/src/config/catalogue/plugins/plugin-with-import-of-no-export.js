import { orderPrinted } from '@commerce-mesh/contracts'

export default orderPrinted
