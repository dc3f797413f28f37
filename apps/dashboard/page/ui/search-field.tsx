import { adjust, param } from '../state/place.js';

interface SearchFieldProps {
  readonly label: string;
  readonly placeholder: string;
  /** Name of the parameter in the page's query. */
  readonly name: string;
}

export function SearchField({ label, placeholder, name }: SearchFieldProps) {
  return (
    <label class="grow">
      {label}
      <input
        type="search"
        placeholder={placeholder}
        value={param(name)}
        onInput={(event) => adjust({ [name]: event.currentTarget.value })}
      />
    </label>
  );
}
