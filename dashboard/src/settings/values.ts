import { bytes, exact } from '../format/number';
import { duration } from '../format/time';
import type { Option } from './types';

/** What a number counts. */
type Unit = 'ms' | 's' | 'bytes' | 'MiB' | 'KiB' | 'characters' | 'tasks' | 'series' | 'none';

/** Of our options, as their help has it (`flower-monitor --help`). A number of any other is an identity, as a port is. */
const OPTION_UNITS: Readonly<Record<string, Unit>> = {
  'inspect-timeout': 'ms',
  'purge-offline-workers': 's',
  'queue-expires': 's',
  'queue-bytes': 'MiB',
  'max-tasks': 'tasks',
  'retention-age': 's',
  'retention-bytes': 'bytes',
  'rollup-age': 's',
  'max-args': 'characters',
  'max-kwargs': 'characters',
  'max-result': 'characters',
  'max-exception': 'characters',
  'max-traceback': 'characters',
  'metrics-max-series': 'series',
};

/** What 0 stands for where it is no amount, as the help has it. */
const ZEROS: Readonly<Record<string, string>> = {
  port: 'any free one',
  'retention-age': 'for ever',
  'retention-bytes': 'no limit',
};

/** Of Celery's settings that are a time or a size (https://docs.celeryq.dev/en/stable/userguide/configuration.html). */
const CELERY_UNITS: Readonly<Record<string, Unit>> = {
  beat_max_loop_interval: 's',
  broker_connection_timeout: 's',
  broker_heartbeat: 's',
  control_queue_expires: 's',
  control_queue_ttl: 's',
  event_queue_expires: 's',
  event_queue_ttl: 's',
  redis_socket_connect_timeout: 's',
  redis_socket_timeout: 's',
  result_expires: 's',
  task_default_retry_delay: 's',
  task_soft_time_limit: 's',
  task_time_limit: 's',
  visibility_timeout: 's',
  worker_max_memory_per_child: 'KiB',
  worker_proc_alive_timeout: 's',
  worker_soft_shutdown_timeout: 's',
};

const WORDS: Readonly<Record<string, string>> = { True: 'yes', False: 'no', true: 'yes', false: 'no' };
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** A number with its unit, and in a larger one where that is easier to read: `86,400 s (1 d)`. */
function amount(value: number, unit: Unit): string {
  if (unit === 'none') return exact(value);
  const plain = `${exact(value)} ${unit}`;
  const larger = largerUnit(value, unit);
  return larger === null || larger === plain ? plain : `${plain} (${larger})`;
}

function largerUnit(value: number, unit: Unit): string | null {
  if (value === 0) return null;
  if (unit === 's') return duration(value);
  if (unit === 'ms') return duration(value / 1000);
  return unit === 'bytes' ? bytes(value) : null;
}

/** A value as a person writes it; a word, a list or whatever else it is stays as it is. */
function worded(raw: string, unit: Unit | undefined): string {
  if (unit !== undefined && NUMBER.test(raw)) return amount(Number(raw), unit);
  return WORDS[raw] ?? raw;
}

/** Only that it is set may be known. */
export function isHidden(raw: string): boolean {
  return raw === '***';
}

/** An option's value as a person writes it; of a secret, that there is one. */
export function optionText({ name, value }: Pick<Option, 'name' | 'value'>): string {
  if (value === null) return 'not set';
  if (isHidden(value)) return 'set, not shown';
  const zero = ZEROS[name];
  return zero !== undefined && Number(value) === 0 ? `0: ${zero}` : worded(value, OPTION_UNITS[name]);
}

/** The same of a setting of Celery's, whose value is text or JSON. */
export function celeryText(name: string, value: string): string {
  if (isHidden(value)) return 'set, not shown';
  if (value === 'null') return 'not set';
  return worded(value, CELERY_UNITS[name] ?? (name.endsWith('port') ? undefined : 'none'));
}
