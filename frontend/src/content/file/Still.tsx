/** A picture of this browser, which the server has not made yet: of a film its first frame. */
interface Props {
  address: string;
  isFilm: boolean;
  class?: string | undefined;
  /** Handles a picture that the browser cannot show. */
  onError?: () => void;
}

export function Still({ address, isFilm, class: name, onError }: Props) {
  if (!isFilm) return <img src={address} alt="" decoding="sync" draggable={false} class={name} onError={onError} />;
  // A time makes Safari draw the frame.
  const src = `${address}#t=0.001`;
  return <video src={src} muted playsInline preload="metadata" tabIndex={-1} class={name} onError={onError} />;
}
