import type { Group } from './options';
import { isChanged, valueText } from './options';
import type { Option, Settings } from './types';

function Row({ option }: { readonly option: Option }) {
  const hidden = option.value === null || option.value === '***';
  return (
    <tr data-changed={isChanged(option) ? '' : undefined}>
      <th scope="row" title={option.variable}>
        --{option.name}
      </th>
      <td dir="auto" className={hidden ? 'faint' : 'mono'}>
        {valueText(option)}
      </td>
      <td className={isChanged(option) ? undefined : 'faint'}>{option.source}</td>
    </tr>
  );
}

/** The options under one heading. */
export function Options({ group }: { readonly group: Group }) {
  return (
    <section aria-label={group.name} className="settings-part">
      <h2>{group.name}</h2>
      <table className="settings-table">
        <thead>
          <tr>
            <th scope="col">Option</th>
            <th scope="col">Value</th>
            <th scope="col">Set by</th>
          </tr>
        </thead>
        <tbody>
          {group.options.map((option) => (
            <Row key={option.name} option={option} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What is used of the Celery app. */
export function CeleryPart({ celery }: { readonly celery: Settings['celery'] }) {
  return (
    <section aria-label="Celery" className="settings-part">
      <h2>Celery</h2>
      <p className="soft">
        {celery.known
          ? `Of the app ${celery.name ?? 'without a name'}, which has ${celery.tasks} tasks registered.`
          : 'The monitor does not know the app: these are Celery’s defaults. With -A YOUR_APP, or as celery -A YOUR_APP flower, it takes the app’s own.'}
      </p>
      <table className="settings-table">
        <thead>
          <tr>
            <th scope="col">Setting</th>
            <th scope="col">Value</th>
            <th scope="col">Set by</th>
          </tr>
        </thead>
        <tbody>
          {celery.settings.map(({ name, value, changed }) => (
            <tr key={name} data-changed={changed ? '' : undefined}>
              <th scope="row">{name}</th>
              <td dir="auto" className="mono">
                {value === '***' ? 'set, not shown' : value}
              </td>
              <td className={changed ? undefined : 'faint'}>{changed ? 'the app' : 'default'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
