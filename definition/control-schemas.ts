/** Schemas that the product keeps in the databases; none of them is an application's. */
export const localSchema = 'cutover_local';
export const flowSchema = 'cutover_flow';
