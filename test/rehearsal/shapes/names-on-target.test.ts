import { compareNames, type Catalogue } from '../../../rehearsal/shapes/names-on-target';

const catalogue = (schemas: Record<string, Record<string, string[]>>): Catalogue =>
  new Map(Object.entries(schemas).map(([schema, tables]) => [schema, new Map(Object.entries(tables))]));

const source = catalogue({ music: { Album: ['AlbumId', 'Title'], track_list: ['id', 'Order', 'Other'] } });

test('a target in small letters and another schema is found by its names, and each other name is said', () => {
  const target = catalogue({
    public: { album: ['album_id', 'title'], track_list: ['id', 'order', 'other'], more: ['id'] },
    music: { notes: ['id'] },
  });
  expect(compareNames('music', source, target, [])).toEqual({
    schema: 'public',
    renames: [
      { kind: 'rename-table', table: 'music.Album', to: 'album' },
      { kind: 'rename-column', table: 'music.Album', column: 'AlbumId', to: 'album_id' },
      { kind: 'rename-column', table: 'music.Album', column: 'Title', to: 'title' },
      { kind: 'rename-column', table: 'music.track_list', column: 'Order', to: 'order' },
      { kind: 'rename-column', table: 'music.track_list', column: 'Other', to: 'other' },
    ],
  });
});

test('the same names need no words, and of two that read alike neither is guessed', () => {
  expect(compareNames('music', source, source, [])).toEqual({ schema: 'music', renames: [] });
  const twins = catalogue({ music: { album: ['albumid', 'album_id', 'title'], ALBUM: ['x'], track_list: ['id'] } });
  expect(compareNames('music', source, twins, []).renames).toEqual([]);
  const twinsHere = catalogue({ music: { Album: ['userId', 'user_id'] } });
  const one = catalogue({ music: { Album: ['userid'] } });
  expect(compareNames('music', twinsHere, one, []).renames).toEqual([]);
});

test('what the scenario says itself stands', () => {
  const target = catalogue({ shop: { records: ['number', 'title'], track_list: ['id', 'order', 'other', 'Other'] } });
  const given = [
    { kind: 'rename-table', table: 'music.Album', to: 'records' },
    { kind: 'rename-column', table: 'music.Album', column: 'AlbumId', to: 'number' },
    { kind: 'drop-column', table: 'music.track_list', column: 'Order' },
  ] as const;
  expect(compareNames('music', source, target, given)).toEqual({
    schema: 'shop',
    renames: [{ kind: 'rename-column', table: 'music.Album', column: 'Title', to: 'title' }],
  });
  const schema = [{ kind: 'rename-schema', schema: 'music', to: 'elsewhere' }] as const;
  expect(compareNames('music', source, target, schema).schema).toBe('elsewhere');
});

test('a target without any of the tables keeps the name of the source', () => {
  expect(compareNames('music', source, catalogue({ public: { other: ['id'] } }), [])).toEqual({
    schema: 'music',
    renames: [],
  });
});
