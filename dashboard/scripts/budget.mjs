// Prints what each page loads before it can show anything, and fails the build when it is over budget or when the
// pages break what the servers and their Content-Security-Policy rely on.
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** Bytes of gzipped script that a page may load first. Source: docs of the dashboard's budget, 300 kB. */
const BUDGET = 300_000;
const DIST = new URL('../dist/', import.meta.url);

const gzipped = (path) => gzipSync(readFileSync(new URL(path, DIST)), { level: 9 }).length;
const addresses = (html, pattern) => [...html.matchAll(pattern)].map((match) => match[1]);

function problems(html) {
  const found = [];
  for (const text of ['<meta name="base" content="/">', '<base href="/">'])
    if (!html.includes(text)) found.push(`lacks ${text}, which the server replaces by its prefix`);
  if (/<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=/.test(html))
    found.push('has inline style or script');
  if (/(src|href)="(https?:)?\/\//.test(html)) found.push('loads from another host');
  return found;
}

function report(page) {
  const html = readFileSync(new URL(`${page}.html`, DIST), 'utf8');
  const scripts = addresses(html, /(?:<script[^>]*\ssrc|rel="modulepreload"[^>]*\shref)="\.\/([^"]+\.js)"/g);
  const styles = addresses(html, /rel="stylesheet"[^>]*\shref="\.\/([^"]+\.css)"/g);
  const script = scripts.map(gzipped).reduce((sum, bytes) => sum + bytes, 0);
  const style = styles.map(gzipped).reduce((sum, bytes) => sum + bytes, 0);
  console.log(`${page}.html: ${script} of ${BUDGET} bytes of script gzipped, ${style} of style`);
  const found = problems(html);
  if (scripts.length === 0) found.push('loads no script');
  if (script > BUDGET) found.push(`is over its budget by ${script - BUDGET} bytes`);
  return found.map((problem) => `${page}.html ${problem}`);
}

const unhashed = readdirSync(new URL('assets/', DIST)).filter((name) => !/-[\w-]{8}\.\w+$/.test(name));
const failures = ['monitor', 'fleet'].flatMap(report).concat(unhashed.map((name) => `${name} has no hash`));
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;
