/**
 * Engines and major versions that can be moved.
 * Sources: AWS DMS User Guide, "Sources for AWS DMS" and "Targets for AWS DMS"; RDS release calendars.
 */
export type EngineFamily = 'postgres' | 'mysql' | 'oracle' | 'sqlserver';

interface EngineFacts {
  readonly family: EngineFamily;
  readonly majors: readonly string[];
  readonly defaultPort: number;
  readonly canBeTarget: boolean;
  /** A full version as it must be written. */
  readonly example: string;
}

export const engines = {
  postgres: {
    family: 'postgres',
    majors: ['11', '12', '13', '14', '15', '16', '17', '18'],
    defaultPort: 5432,
    canBeTarget: true,
    example: '17.6',
  },
  'aurora-postgresql': {
    family: 'postgres',
    majors: ['13', '14', '15', '16', '17'],
    defaultPort: 5432,
    canBeTarget: true,
    example: '17.5',
  },
  mysql: {
    family: 'mysql',
    majors: ['5.7', '8.0', '8.4'],
    defaultPort: 3306,
    canBeTarget: true,
    example: '8.0.42',
  },
  mariadb: {
    family: 'mysql',
    majors: ['10.4', '10.5', '10.6', '10.11', '11.4', '11.8'],
    defaultPort: 3306,
    canBeTarget: true,
    example: '11.4.5',
  },
  'aurora-mysql': {
    family: 'mysql',
    majors: ['5.7', '8.0'],
    defaultPort: 3306,
    canBeTarget: true,
    example: '8.0.mysql_aurora.3.10.0',
  },
  oracle: {
    family: 'oracle',
    majors: ['12.2', '18', '19', '21'],
    defaultPort: 1521,
    canBeTarget: false,
    example: '19.0',
  },
  sqlserver: {
    family: 'sqlserver',
    majors: ['14', '15', '16'],
    defaultPort: 1433,
    canBeTarget: false,
    example: '15.0',
  },
} as const satisfies Record<string, EngineFacts>;

export type EngineName = keyof typeof engines;
export const engineNames = Object.keys(engines) as [EngineName, ...EngineName[]];
export const targetEngineNames = engineNames.filter((name) => engines[name].canBeTarget) as [
  EngineName,
  ...EngineName[],
];

export const familyOf = (engine: EngineName): EngineFamily => engines[engine].family;
export const isAurora = (engine: EngineName): boolean => engine.startsWith('aurora-');

/** The major version that `version` ("15.8", "8.0.42") belongs to, or undefined where the catalogue has none. */
export function majorVersionOf(engine: EngineName, version: string): string | undefined {
  return engines[engine].majors.find((major) => version === major || version.startsWith(`${major}.`));
}

/** An engine change: another wire protocol on another port, so one database name cannot serve both sides. */
export const isEngineChange = (source: EngineName, target: EngineName): boolean =>
  familyOf(source) !== familyOf(target);
