import { render } from '@testing-library/react';
import { expect, it } from 'vitest';
import Highlighted from './Highlighted';

const TRACEBACK = `Traceback (most recent call last):
  File "/usr/lib/python3.11/site-packages/celery/app/trace.py", line 477, in trace_task
    R = retval = fun(*args, **kwargs)
                 ^^^^^^^^^^^^^^^^^^^^
  File "/app/shop/orders.py", line 12, in place
    raise ValueError("<b>no stock</b>")
ValueError: <b>no stock</b>`;

function marked(text: string, language: 'python' | 'traceback' = 'traceback') {
  const { container } = render(<Highlighted text={text} language={language} />);
  const of = (scope: string) =>
    [...container.querySelectorAll(`.hljs-${scope}`)].map((element) => element.textContent);
  return { container, of };
}

it('tells frames of the app from those of libraries, and the exception from all', () => {
  const { of } = marked(TRACEBACK);
  expect(of('library')).toEqual([expect.stringContaining('celery/app/trace.py')]);
  expect(of('frame')).toEqual([expect.stringContaining('/app/shop/orders.py')]);
  expect(of('exception')).toEqual(['ValueError']);
  expect(of('keyword')).toContain('raise');
});

it('changes no character, and makes no element of what is in it', () => {
  const { container } = marked(TRACEBACK);
  expect(container.textContent).toBe(TRACEBACK);
  expect(container.querySelector('b')).toBeNull();
});

it('leaves a very long text as it is', () => {
  const { container } = marked('if True: pass\n'.repeat(10_000), 'python');
  expect(container.querySelector('span')).toBeNull();
});
