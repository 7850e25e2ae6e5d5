/** The messages between the page and the colouring worker. */

/** A piece of text and its kind, `''` for plain text. */
export type Piece = [string, string];

export interface Ask {
  id: number;
  text: string;
  lang: string;
}
