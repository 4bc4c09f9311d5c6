import type { LanguageFn } from 'highlight.js';

/** What Python prints of an exception (`traceback`), which highlight.js has no grammar of. */
export const traceback: LanguageFn = () => ({
  name: 'Python traceback',
  contains: [
    // Where code of others is: rarely what has to be mended.
    { scope: 'library', begin: /^ +File ".*(site-packages|dist-packages|lib\/python\d).*$/ },
    { scope: 'frame', begin: /^ +File ".*$/ },
    { scope: 'comment', begin: /^ +[~^]+$/ },
    { begin: /^ {4,}(?=\S)/, end: /$/, subLanguage: 'python' },
    { scope: 'comment', begin: /^(Traceback \(most recent|During handling of|The above exception).*$/ },
    { scope: 'exception', begin: /^[A-Za-z_][\w.]*(?=:|$)/ },
  ],
});
