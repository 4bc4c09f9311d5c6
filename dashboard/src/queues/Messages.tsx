import { Link } from '@tanstack/react-router';
import { useAsked } from '../app/useAsked';
import { Failure, Skeleton } from '../components/States';
import { RelativeTime } from '../components/Time';
import { bytes, UNKNOWN } from '../format/number';
import { isUnshowable, type Message, messagesQuery, SHOWN } from './messages';
import '../components/PlainTable.css';

/** What is next in a queue, as its senders wrote it. */
export function Messages({ name }: { readonly name: string }) {
  const { data, error, refetch } = useAsked(messagesQuery(name));
  return (
    <section className="queue-messages">
      <h3>Next messages</h3>
      {data !== undefined ? (
        <Listed messages={data.items} />
      ) : isUnshowable(error) ? (
        <p className="soft">{error.message}</p>
      ) : error ? (
        <Failure what="Its messages" error={error} retry={() => void refetch()} />
      ) : (
        <Skeleton rows={3} label="its messages" />
      )}
    </section>
  );
}

function Listed({ messages }: { readonly messages: readonly Message[] }) {
  if (messages.length === 0)
    return <p className="soft">None waits: workers hold what was delivered, and nothing else is in it.</p>;
  return (
    <>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">Arguments</th>
            <th scope="col">Sent</th>
            <th scope="col">Size</th>
          </tr>
        </thead>
        <tbody>
          {messages.map((message, index) => (
            <Line key={message.id ?? index} message={message} />
          ))}
        </tbody>
      </table>
      {messages.length === SHOWN && <p className="soft">The first {SHOWN}, in the order of delivery.</p>}
    </>
  );
}

function Line({ message }: { readonly message: Message }) {
  const { id, task, args, kwargs, sent, eta, redelivered } = message;
  const name = task ?? 'No message of Celery';
  const passed = [args, kwargs].filter((text) => text !== null && text !== '()' && text !== '{}');
  return (
    <tr>
      <th scope="row" dir="auto">
        {id === null ? (
          name
        ) : (
          <Link to="/task/$uuid" params={{ uuid: id }} title={id}>
            {name}
          </Link>
        )}
        {redelivered && <span className="soft"> (given back by a consumer)</span>}
      </th>
      <td className="mono" dir="auto">
        <span className="cut" title={passed.join(' ')}>
          {passed.join(' ') || UNKNOWN}
        </span>
      </td>
      <td>
        <RelativeTime time={sent} />
        {eta !== null && <span className="soft">, not before {eta}</span>}
      </td>
      <td>{bytes(message.bytes)}</td>
    </tr>
  );
}
