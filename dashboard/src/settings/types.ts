export type Place = 'default' | 'command line' | 'environment' | 'file' | 'app';

export interface Option {
  readonly group: string;
  readonly name: string;
  /** Without passwords and secrets, which are `***`; null: not set. */
  readonly value: string | null;
  readonly place: Place;
  /** The variable, the file, the app's setting. */
  readonly source: string;
  readonly variable: string;
}

export interface CelerySetting {
  readonly name: string;
  readonly value: string;
  readonly changed: boolean;
}

/** `GET /api/v1/settings`. */
export interface Settings {
  readonly version: string;
  readonly options: readonly Option[];
  readonly celery: {
    /** The monitor was given the app (`-A`). */
    readonly known: boolean;
    readonly name: string | null;
    readonly tasks: number;
    readonly settings: readonly CelerySetting[];
  };
  readonly users: readonly { readonly name: string; readonly role: string; readonly hashed: boolean }[];
  readonly tokens: readonly Token[];
  readonly sessions: {
    readonly provider: string | null;
    /** Seconds. */
    readonly lasts: number;
    readonly key: 'configured' | 'kept' | null;
  };
}

export interface Token {
  readonly name: string;
  readonly role: string;
  /** All that it may of what its role may; null: everything. */
  readonly permissions: readonly string[] | null;
  readonly expires: number | null;
}
