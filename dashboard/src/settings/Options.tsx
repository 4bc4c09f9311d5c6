import type { Group } from './options';
import { isChanged } from './options';
import { SettingsTable } from './SettingsTable';
import type { Settings } from './types';
import { Value } from './Value';
import { celeryText, optionText } from './values';

function Source({ changed, text }: { readonly changed: boolean; readonly text: string }) {
  return <span className={changed ? undefined : 'faint'}>{text}</span>;
}

/** The options under one heading. */
export function Options({ group }: { readonly group: Group }) {
  return (
    <section aria-label={group.name} className="settings-part">
      <h2>{group.name}</h2>
      <SettingsTable
        headings={['Option', 'Value', 'Set by']}
        rows={group.options.map((option) => ({
          name: option.name,
          head: `--${option.name}`,
          title: option.variable,
          changed: isChanged(option),
          cells: [
            <Value name={option.name} raw={option.value} text={optionText(option)} />,
            <Source changed={isChanged(option)} text={option.source} />,
          ],
        }))}
      />
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
      <SettingsTable
        headings={['Setting', 'Value', 'Set by']}
        rows={celery.settings.map(({ name, value, changed }) => ({
          name,
          changed,
          cells: [
            <Value name={name} raw={value} text={celeryText(name, value)} />,
            <Source changed={changed} text={changed ? 'the app' : 'default'} />,
          ],
        }))}
      />
    </section>
  );
}
