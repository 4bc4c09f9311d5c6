import { Link } from '@tanstack/react-router';
import { Bookmark, X } from 'lucide-react';
import { useState } from 'react';
import { browserStorage } from '../app/preferences';
import { parseSearch } from '../app/search';
import { Popover } from '../components/Popover';
import { COMMON, readViews, saved, type View, writeViews } from './views';

/** Lists to come back to: some that everybody needs, and those that were saved in this browser. */
export function ViewsMenu({ search }: { readonly search: string }) {
  const [open, setOpen] = useState(false);
  const [own, setOwn] = useState(() => readViews(browserStorage()));
  const [name, setName] = useState('');
  const [refused, setRefused] = useState(false);
  // Read anew each time: another tab may have saved some, which must not be lost. What the browser refused is here only.
  const known = () => (refused ? own : readViews(browserStorage()));
  const keep = (change: (views: readonly View[]) => readonly View[]) => {
    const views = change(known());
    setOwn(views);
    setRefused(!writeViews(browserStorage(), views));
  };
  const show = (next: boolean) => {
    if (next) setOwn(known());
    setOpen(next);
  };
  const close = () => setOpen(false);
  return (
    <Popover label="Views" icon={<Bookmark size={14} aria-hidden="true" />} open={open} onOpenChange={show}>
      <ul className="choices" aria-label="Views">
        {COMMON.map((view) => (
          <li key={view.name}>
            <ViewLink view={view} onClick={close} />
          </li>
        ))}
        {own.map((view) => (
          <li key={`own ${view.name}`}>
            <ViewLink view={view} onClick={close} />
            <button
              type="button"
              className="field-button"
              aria-label={`Forget the view ${view.name}`}
              onClick={() => keep((views) => views.filter(({ name }) => name !== view.name))}
            >
              <X size={14} aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
      <form
        className="popover-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() === '') return;
          keep((views) => saved(views, name, search));
          setName('');
        }}
      >
        <label className="form-field">
          <span>Save what is shown as</span>
          <input type="text" value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <p className="form-note" role="status">
          {refused
            ? 'The browser keeps nothing: the view is gone with this page. Its address can be kept instead.'
            : 'Kept in this browser. To share it, copy the address of the page.'}
        </p>
        <button type="submit" className="button" disabled={name.trim() === ''}>
          Save the view
        </button>
      </form>
    </Popover>
  );
}

function ViewLink({ view, onClick }: { readonly view: View; readonly onClick: () => void }) {
  return (
    <Link to="/tasks" search={parseSearch(view.search)} className="choice" onClick={onClick} dir="auto">
      {view.name}
    </Link>
  );
}
