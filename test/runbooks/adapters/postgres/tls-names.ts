/** Names that the certificates of the two sides carry; the sides are dialled by address. */
export const tlsNames = { source: 'source.databases.example.internal', target: 'target.databases.example.internal' };
