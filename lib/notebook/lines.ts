/** Bytes of a program's output as lines, with progress that is rewritten in place kept as one line. */

/** A line, or the new state of the line before. */
export interface OutputLine {
  text: string;
  /** Whether it takes the place of the line before (after a carriage return). */
  replaces: boolean;
}

// deno-lint-ignore no-control-regex -- terminal colours and cursor moves begin with the escape character
const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** Splits a stream of UTF-8 bytes into lines; empty ones and terminal codes are left out. */
export class TextLineStream extends TransformStream<Uint8Array, OutputLine> {
  constructor() {
    const decoder = new TextDecoder();
    let rest = "", rewriting = false;
    const emit = (
      text: string,
      end: string,
      controller: TransformStreamDefaultController<OutputLine>,
    ) => {
      const clean = text.replace(ESCAPES, "").trimEnd();
      if (clean) controller.enqueue({ text: clean, replaces: rewriting });
      rewriting = end === "\r" && (rewriting || clean !== "");
    };
    super({
      transform(bytes, controller) {
        rest += decoder.decode(bytes, { stream: true });
        for (let at; (at = rest.search(/[\r\n]/)) >= 0;) {
          // "\r\n" is one line end; its second half may still be on the way
          if (rest[at] === "\r" && at === rest.length - 1) break;
          const end = rest.startsWith("\r\n", at) ? "\r\n" : rest[at];
          emit(rest.slice(0, at), end, controller);
          rest = rest.slice(at + end.length);
        }
      },
      flush(controller) {
        emit(rest, "\n", controller);
      },
    });
  }
}
