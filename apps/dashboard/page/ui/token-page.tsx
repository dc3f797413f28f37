import { useState } from 'preact/hooks';
import { refusal, signIn } from '../state/session.js';

/** Takes the token, which is then kept in this tab alone. */
export function TokenPage() {
  const [complaint, setComplaint] = useState<string>();
  const why = complaint ?? refusal.value;
  return (
    <main class="token-page">
      <h1>Dronecast</h1>
      <p>This installation asks for a token. It is kept in this tab until you close it.</p>
      {why !== undefined && <p role="alert">{why}</p>}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          try {
            signIn(String(new FormData(event.currentTarget).get('token')));
          } catch (error) {
            setComplaint(String(error));
          }
        }}
      >
        <label>
          Token
          <textarea name="token" required rows={6} autoComplete="off" spellcheck={false} />
        </label>
        <button type="submit">Sign in</button>
      </form>
    </main>
  );
}
