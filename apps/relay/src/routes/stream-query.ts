import { type Static, Type } from '@sinclair/typebox';

const list = (description: string) =>
  Type.Optional(
    Type.Union(
      [Type.String({ maxLength: 8192 }), Type.Array(Type.String({ maxLength: 8192 }), { maxItems: 100 })],
      {
        description,
      },
    ),
  );

export const Cursor = Type.String({ maxLength: 64, description: 'a cursor' });

/** What a client asks for in the URL, whatever the transport. */
export const StreamQuery = Type.Object(
  {
    sn: list('serial numbers and prefixes like abc*, as a comma list or repeated'),
    events: list('event kinds, as a comma list or repeated'),
    since: Type.Optional(Cursor),
  },
  { additionalProperties: false },
);
export type StreamQuery = Static<typeof StreamQuery>;

export const toNames = (value: string | string[] | undefined): string[] =>
  [value ?? []]
    .flat()
    .flatMap((part) => part.split(',').map((name) => name.trim()))
    .filter(Boolean);
