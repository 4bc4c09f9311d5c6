import { Empty } from '../components/States';

const LANGUAGE = `shop.pay                    in a name, an id, an argument, a result, an exception …
name:pay state:FAILURE      both
"two words" OR args:4711    one of them
(args:a OR args:b) worker:w1
kwargs:order=4711           a keyword argument with exactly this value`;

/** Beside the explanation at the box: how a search is written. */
export function NotUnderstood() {
  return (
    <Empty
      title="The search is not understood"
      why="What is wrong stands under the search box. The list is back as soon as it is whole."
      lines={{ label: 'How a search is written', text: LANGUAGE }}
    />
  );
}
