import { useTicking, useZone } from '../app/services';
import { duration, moment, relative } from '../format/time';
import { UNKNOWN } from '../format/number';

function iso(time: number): string | undefined {
  const date = new Date(time * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** How long ago, with the exact moment on hover. */
export function RelativeTime({ time }: { readonly time: number | null | undefined }) {
  const zone = useZone();
  const text = useTicking((now) => relative(time, now));
  if (time == null) return <span className="faint">{UNKNOWN}</span>;
  return (
    <time dateTime={iso(time)} title={moment(time, zone)}>
      {text}
    </time>
  );
}

/** The exact moment, with how long ago on hover: for the pages of one thing. */
export function ExactTime({ time }: { readonly time: number | null | undefined }) {
  const zone = useZone();
  const ago = useTicking((now) => relative(time, now));
  if (time == null) return <span className="faint">{UNKNOWN}</span>;
  return (
    <time dateTime={iso(time)} title={ago}>
      {moment(time, zone)}
    </time>
  );
}

interface DurationProps {
  readonly seconds: number | null | undefined;
  /** When it began, if it still runs: the length then counts up by itself. */
  readonly since?: number | null | undefined;
}

/** What still runs counts in seconds: a changing fraction would be noise. */
function wholeSeconds(seconds: number): string {
  return seconds < 1 ? '0 s' : duration(Math.floor(seconds));
}

export function Duration({ seconds, since }: DurationProps) {
  const running = seconds == null && since != null;
  const text = useTicking((now) => (running ? wholeSeconds(now - since) : duration(seconds)));
  if (seconds == null && since == null) return <span className="faint">{UNKNOWN}</span>;
  return <span title={running ? 'Still running' : `${String(seconds)} s`}>{text}</span>;
}
