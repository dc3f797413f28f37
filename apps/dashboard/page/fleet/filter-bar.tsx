import { adjust, param } from '../state/place.js';
import { SearchField } from '../ui/search-field.js';
import { clearFilters, type FILTERS, isFiltered } from './filter.js';
import { countText } from './fleet-count.js';

interface ChoiceProps {
  readonly name: (typeof FILTERS)[number];
  readonly label: string;
  readonly options: Readonly<Record<string, string>>;
}

const CATEGORIES = { DRONE: 'Drone', 'BODY CAM': 'Body cam', CCTV: 'CCTV' };

function Choice({ name, label, options }: ChoiceProps) {
  return (
    <label>
      {label}
      <select value={param(name)} onChange={(event) => adjust({ [name]: event.currentTarget.value })}>
        <option value="">Any</option>
        {Object.entries(options).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

export function FilterBar() {
  return (
    <search class="filters">
      <SearchField label="Search" placeholder="Serial number, name or alias" name="q" />
      <Choice name="category" label="Category" options={CATEGORIES} />
      <Choice name="stream" label="Stream" options={{ on: 'On', off: 'Off' }} />
      <Choice name="ai" label="AI" options={{ on: 'On', off: 'Off' }} />
      <output>{countText.value}</output>
      {isFiltered.value && (
        <button type="button" class="quiet" onClick={clearFilters}>
          Clear
        </button>
      )}
    </search>
  );
}
