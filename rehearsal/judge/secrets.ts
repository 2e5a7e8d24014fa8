/** Something that the product or the rehearsal wrote where others read it. */
export interface Captured {
  name: string;
  text: string;
}

/** Where a planted secret stands in a captured text, plainly or as its usual encodings. Names the place, not the secret. */
export function leaks(captured: Captured[], secrets: string[]): string[] {
  const forms = secrets.filter((secret) => secret.length >= 6).map(encodings);
  return captured.flatMap(({ name, text }) =>
    forms.flatMap((encoded, at) => {
      const found = encoded.find((form) => text.includes(form));
      return found === undefined ? [] : [`planted secret ${at + 1} of ${forms.length} stands in ${name}`];
    }),
  );
}

function encodings(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  return [
    ...new Set([
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      base64,
      bytes.toString('hex'),
    ]),
  ];
}
