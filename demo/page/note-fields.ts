import type { Note } from "lakota";

/** The fields of a dialog for the note of a revision. */
export interface NoteFields {
  readonly author: HTMLInputElement;
  readonly message: HTMLInputElement;
}

/** Returns the note, without the fields that are left empty. */
export function readNote({ author, message }: NoteFields): Note {
  const [by, text] = [author.value.trim(), message.value.trim()];
  return { ...(by && { author: by }), ...(text && { message: text }) };
}
