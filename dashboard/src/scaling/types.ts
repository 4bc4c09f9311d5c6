/** A policy for the sizes of workers' pools, as `PUT /api/v1/autoscale/policies/{name}` takes it. */
export interface Policy {
  readonly name: string;
  readonly match: { readonly queue: string | null; readonly hostname: string | null };
  /** Bounds of each pool. */
  readonly min: number;
  readonly max: number;
  readonly metric: 'load' | 'ready' | 'oldest_age';
  readonly target: number;
  /** Most that a pool grows by at a time; null: any. */
  readonly scaleUpStep: number | null;
  readonly scaleDownStep: number;
  readonly stabilizationSeconds: { readonly up: number; readonly down: number };
  /** Least seconds between two changes. */
  readonly cooldown: number;
  readonly dryRun: boolean;
}

/** What a policy has come to; it is decided every five seconds. */
export interface Decided {
  /** Epoch seconds. */
  readonly at: number;
  readonly why: string;
  /** Size that each pool should have; null: nothing was decided yet. */
  readonly level: number | null;
  /** What would be enough now; null: not known. */
  readonly recommendation: number | null;
  /** By host name the sizes of the pools that it sizes. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Workers that it fits and leaves alone, and why. */
  readonly left: Readonly<Record<string, string>>;
}

export interface PolicyItem {
  readonly policy: Policy;
  /** `file`: of `--autoscale-file`, where alone it can be changed. */
  readonly source: 'file' | 'api';
  readonly state: Decided | null;
  /** Pools by what came of its decisions, since the monitor started. */
  readonly results: Readonly<Record<string, number>>;
}

/** `GET /api/v1/autoscale/policies`. */
export interface Policies {
  /** False: all of it is switched off, or there is a problem. */
  readonly enabled: boolean;
  /** What is wrong with the file, or with what is kept. */
  readonly problem: string | null;
  readonly items: readonly PolicyItem[];
}
