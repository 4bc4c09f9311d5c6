/** The url prefix that the server serves this page under, from `<meta name="base">`: `/` or `/prefix/`. */
export function basePath(page: Document): string {
  return page.querySelector('meta[name=base]')?.getAttribute('content') ?? '/';
}
