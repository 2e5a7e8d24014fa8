import { buildManifest } from '../../../definition/manifest/build';
import { readManifest } from '../../../definition/manifest/read';
import { manifestSections } from '../../../definition/manifest/sections';
import { maxSectionBytes, serializeSections } from '../../../definition/manifest/serialize';
import { environments } from '../../../environments';
import { sampleFacts } from '../sample-facts';

const production = environments['production']!;
const read = (migration: string) =>
  readManifest(new Map(Object.entries(serializeSections(buildManifest(production, migration, sampleFacts)))));

describe('the manifest of a migration', () => {
  it.each(
    Object.values(environments).flatMap((one) => Object.keys(one.migrations).map((name) => [one, name] as const)),
  )('is read back by the runbooks’ own reader', (environment, migration) => {
    const sections = serializeSections(buildManifest(environment, migration, sampleFacts));
    expect(Object.keys(sections).sort()).toEqual(Object.keys(manifestSections).sort());
    expect(readManifest(new Map(Object.entries(sections))).identity).toMatchObject({
      environment: environment.name,
      migration,
    });
  });

  it('keeps every fact of the reader: nothing is lost on the way', () => {
    const built = buildManifest(production, 'billing', sampleFacts);
    expect(read('billing')).toEqual(JSON.parse(JSON.stringify(built)));
  });

  it('points records of the database level to the databases, reads to the reader', () => {
    const [write, reading] = read('billing').routing.records;
    expect(write).toMatchObject({
      source: {
        value: 'source.example.com',
        setIdentifier: 'billing-source',
        weightParameter: '/cutover/production/billing/weights/billing-db.internal.example.com/source',
      },
      target: { value: 'target.example.com', setIdentifier: 'billing-target' },
    });
    expect(reading?.target.value).toBe('reader.target.example.com');
  });

  it('points records of the application level to the stacks of the definition', () => {
    expect(read('orders').routing.records[0]).toMatchObject({
      source: { value: 'orders-mysql.example.com' },
      target: { value: 'orders-postgres.example.com' },
    });
  });

  it('lets the fence leave the accounts alone that run the migration', () => {
    expect(read('billing').accounts.allowed).toEqual([
      'cutover_runbook',
      'cutover_replication',
      'cutover_master',
      'rdsadmin',
    ]);
    expect(read('billing').accounts.write[0]).toEqual({
      name: 'billing_app',
      secretId: 'cutover/production/billing/accounts/billing_app',
    });
  });

  it('passes tokens through unread', () => {
    const token = '${Token[TOKEN.42]}';
    const facts = { ...sampleFacts, target: { ...sampleFacts.target, host: token }, journalBucket: token };
    const built = buildManifest(production, 'billing', facts) as { journal: { bucket: string } };
    expect(built.journal.bucket).toBe(token);
    expect(() => serializeSections(buildManifest(production, 'billing', facts))).not.toThrow();
  });

  it('names the migrations that there are when it is asked for another', () => {
    expect(() => buildManifest(production, 'billings', sampleFacts)).toThrow(/"billings"; it has billing, orders/);
  });
});

describe('the size of a section', () => {
  const withTables = (bytes: number) => {
    const sections = buildManifest(production, 'billing', sampleFacts);
    const empty = JSON.stringify({ include: [''] }).length;
    return { ...sections, tables: { include: ['x'.repeat(bytes - empty)] } };
  };

  it('may be 8 KB', () => {
    expect(serializeSections(withTables(maxSectionBytes)).tables).toHaveLength(maxSectionBytes);
  });

  it('above that is refused by name', () => {
    expect(() => serializeSections(withTables(maxSectionBytes + 1))).toThrow(/"tables".*8193 bytes.*at most 8192/);
  });

  it.each([
    [
      'transformations',
      { kind: 'rename-table', table: 'orders.purchase_item', to: 'purchased' },
      /let one rename-schema/,
    ],
    ['waivers', { table: 'orders.purchase_item', check: 'schema', reason: 'narrower on purpose' }, /waive schema\.%/],
    ['include', 'orders.a_table_with_a_long_name', /write schema\.%/],
    ['exclude', 'orders.a_table_with_a_long_name', /write schema\.%/],
  ])('above that names its largest part and what to do: %s', (part, entry, what) => {
    const sections = buildManifest(production, 'orders', sampleFacts);
    const tables = { ...sections.tables, [part]: Array.from({ length: 300 }, () => entry) };
    const refused = () => serializeSections({ ...sections, tables });
    expect(refused).toThrow(/"tables" of the manifest of production\/orders has \d+ bytes; .* at most 8192/);
    expect(refused).toThrow(new RegExp(`${part} \\(300 entries, \\d+ bytes\\): ${what.source}`));
  });

  it('above that is said of every other section as well', () => {
    const sections = buildManifest(production, 'orders', sampleFacts);
    const writers = Array.from({ length: 150 }, (_, at) => ({
      name: `worker ${at}`,
      pause: ['systemctl', 'stop', 'worker'],
    }));
    expect(() => serializeSections({ ...sections, writers: { writers } })).toThrow(
      /"writers" .* writers \(150 entries, \d+ bytes\): shorten it in the definition/,
    );
  });

  it('counts what a token may become', () => {
    const sections = { ...withTables(100), tables: { include: Array.from({ length: 60 }, () => '${Token[TOKEN.1]}') } };
    expect(() => serializeSections(sections)).toThrow(/"tables"/);
  });
});
