/** What the page and the colouring worker say to each other. */

/** Words and the kind of word they are, `''` for plain ones. */
export type Piece = [string, string];

export interface Ask {
  id: number;
  text: string;
  lang: string;
}
