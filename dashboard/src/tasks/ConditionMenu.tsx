import { ListPlus } from 'lucide-react';
import { useId, useState } from 'react';
import { Popover } from '../components/Popover';
import { type Known, valuesOf } from './complete';
import { type Field, FIELD_WORDS, FIELDS, joined, term } from './terms';

const ANY = 'any';
const LEAST = 3;

interface ConditionProps {
  readonly query: string | undefined;
  readonly known: Known;
  readonly onChange: (query: string) => void;
}

/** Builds a condition of the search box by choosing: for who does not know its language yet, and shows it thereby. */
export function ConditionMenu({ query = '', known, onChange }: ConditionProps) {
  const [open, setOpen] = useState(false);
  const [field, setField] = useState<Field | typeof ANY>(ANY);
  const [operator, setOperator] = useState<'AND' | 'OR'>('AND');
  const [value, setValue] = useState('');
  const list = useId();
  const text = value.trim();
  const exact = field === 'state' || (field === 'kwargs' && text.includes('='));
  const ready = exact ? text !== '' : text.length >= LEAST;
  const next = ready ? joined(query, term(field === ANY ? null : field, text), operator) : query;
  const offered = valuesOf(field, known);
  return (
    <Popover
      label="Add a condition"
      icon={<ListPlus size={14} aria-hidden="true" />}
      open={open}
      onOpenChange={setOpen}
    >
      <form
        className="popover-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!ready) return;
          onChange(next);
          setValue('');
          setOpen(false);
        }}
      >
        {query !== '' && (
          <label className="form-field">
            <span>Beside the conditions there are</span>
            <select value={operator} onChange={(event) => setOperator(event.target.value as 'AND' | 'OR')}>
              <option value="AND">it must fit too</option>
              <option value="OR">it may fit instead</option>
            </select>
          </label>
        )}
        <label className="form-field">
          <span>Where</span>
          <select value={field} onChange={(event) => setField(event.target.value as Field | typeof ANY)}>
            <option value={ANY}>Anywhere</option>
            {FIELDS.map((each) => (
              <option key={each} value={each}>
                {FIELD_WORDS[each]}
              </option>
            ))}
          </select>
        </label>
        <label className="form-field">
          <span>{field === 'state' ? 'is' : 'contains'}</span>
          <input
            type="text"
            dir="auto"
            spellCheck={false}
            autoComplete="off"
            list={offered ? list : undefined}
            value={value}
            placeholder={field === 'kwargs' ? 'order=4711 or a text' : undefined}
            onChange={(event) => setValue(event.target.value)}
          />
          {offered && (
            <datalist id={list}>
              {offered.map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
          )}
        </label>
        <p className="form-note">
          {ready ? (
            <>
              The search is then <code dir="auto">{next}</code>
            </>
          ) : (
            `At least ${LEAST} characters; of a state, or of key=value, as many as it has.`
          )}
        </p>
        <button type="submit" className="button" data-kind="primary" disabled={!ready}>
          Add it
        </button>
      </form>
    </Popover>
  );
}
