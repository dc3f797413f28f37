import { useState } from 'preact/hooks';

/** A command to run elsewhere, with a button that copies it. */
export function CodeBlock({ text }: { text: string }) {
  const [state, setState] = useState<'copied' | 'failed'>();
  // `navigator.clipboard` is there only under https and on localhost; the older way asks for a selection.
  const copy = async (box: HTMLElement): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      getSelection()?.selectAllChildren(box);
      setState(document.execCommand('copy') ? 'copied' : 'failed');
    }
  };
  return (
    <div class="code-block">
      <pre tabIndex={0}>{text}</pre>
      <button
        type="button"
        class="quiet"
        onClick={({ currentTarget }) => void copy(currentTarget.previousElementSibling as HTMLElement)}
      >
        Copy
      </button>
      <span role="status">{state === 'copied' ? 'Copied.' : state && 'Select the text and copy it.'}</span>
    </div>
  );
}
