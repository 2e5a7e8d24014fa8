/**
 * A name as Route 53 stores and returns it: lower case, with its final dot, and with octal escapes for everything but
 * a–z, 0–9, hyphen and underscore (Route 53 developer guide, "DNS domain name format").
 */
export function normalName(name: string): string {
  const lower = name.toLowerCase().replace(/\\052/g, '*');
  const dotted = lower.endsWith('.') ? lower : `${lower}.`;
  return dotted.replace(/[^a-z0-9._\-\\]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

/** Labels from the root down, joined: the key by which Route 53 sorts names (`com.example.www.`). */
export function sortKey(name: string): string {
  return name.replace(/\.$/, '').split('.').reverse().join('.');
}

/** Whether a record of this name may stand in the zone. Both names are normal. */
export function belongsTo(name: string, zoneName: string): boolean {
  return name === zoneName || name.endsWith(`.${zoneName}`);
}
