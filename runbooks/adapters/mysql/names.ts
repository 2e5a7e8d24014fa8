/** An identifier that may stand in a statement. */
export const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** An account as statements and people name it: `'orders_app'@'%'`. */
export const accountText = (name: string, host: string): string => `${literal(name)}@${literal(host)}`;

/** What `information_schema` shows of an account in one word, e.g. a DEFINER: `orders_app@10.0.0.%`. */
export const accountOfDefiner = (definer: string): string => {
  const at = definer.lastIndexOf('@');
  return accountText(definer.slice(0, at), definer.slice(at + 1));
};
