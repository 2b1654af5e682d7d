/** Work under way. It turns, but not where motion is unwanted. */
export function Spinner() {
  return (
    <svg class="icon spinner" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <circle class="spinner-back" cx="8" cy="8" r="5.5" />
      <path class="spinner-front" d="M8 2.5a5.500 5.500 0 0 1 5.500 5.500" />
    </svg>
  );
}
