/* deepwhy for editors that read line by line: a mode of CodeMirror 5 and a stream language of CodeMirror 6 are the same object. */
function deepwhyMode(words) {
  const keywords = new Set(words.keywords), truths = new Set(words.truths), builtins = new Set(words.builtins);
  const letter = '(?![\u02b0-\u02b8\u1d2c-\u1d61\u2070-\u207f\u00aa\u00ba])[\\p{L}_]'; // raised letters are signs
  const name = new RegExp(`^${letter}(?:${letter}|[\\p{Mn}\\p{Mc}\\p{Nd}₀-₉])*|^∞`, 'u');
  const blank = /^[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+/;
  const number = /^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/;
  const sign = /^(?:\+\/-|==|!=|<=|>=|~=|->|=>|\.\.|\.\*|[-+*/^=<>'?·⋅×∗−ᵀ⊤→⟶↦⟼≤≥≠≈±∈∇]|[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+)/u;
  const gives = /^\s*=(?![=>])/;
  const pieces = {'"': /^(?:""|\{\{|\}\}|[^"{])+/, '”': /^(?:""|\{\{|\}\}|[^"{“”])+/};
  const opens = new Set(['if', 'for', 'while', 'repeat', 'do', 'interact', 'animate']);

  // state.inside: what is open on this line, outermost first: '"' or '”' for a text, '{' for a value in one
  const text = (stream, state, quote) => {
    if (stream.match(pieces[quote])) return 'string';
    if (stream.next() === '{') {
      state.inside.push('{');
      return 'string-2';
    }
    state.inside.pop();
    return 'string';
  };

  const word = (stream, state, found) => {
    const line = stream.string, before = line.slice(0, stream.start);
    const field = before.endsWith('.') && !before.endsWith('..');
    if (!state.inside.length) {
      // in brackets, for belongs to a list and opens no block
      if (opens.has(found) && (!state.brackets.length || found === 'do')) state.blocks++;
      else if (found === 'end' && state.blocks) state.blocks--;
    }
    if (truths.has(found)) return 'atom';
    if (keywords.has(found)) return 'keyword';
    return builtins.has(found) && !field && !stream.match(gives, false) ? 'builtin' : 'variable';
  };

  return {
    name: 'deepwhy',
    startState: () => ({inside: [], brackets: [], blocks: 0}),
    copyState: s => ({inside: [...s.inside], brackets: [...s.brackets], blocks: s.blocks}),

    token(stream, state) {
      if (stream.sol()) state.inside = [];
      const inside = state.inside[state.inside.length - 1];
      if (inside === '"' || inside === '”') return text(stream, state, inside);
      if (stream.match(blank)) return null;
      if (stream.peek() === '#') {
        stream.skipToEnd();
        return 'comment';
      }
      const found = stream.match(name);
      if (found) return word(stream, state, found[0]);
      if (stream.match(number)) return 'number';
      if (stream.match(sign)) return 'operator';
      if (stream.match(/^[,;:.]/)) return null;
      const column = stream.column(), next = stream.next();
      if (next === '"') state.inside.push('"');
      if ('“”„'.includes(next)) state.inside.push('”');
      if ('"“”„'.includes(next)) return 'string';
      if ('(['.includes(next)) state.brackets.push(column + 1);
      if (')]'.includes(next)) state.brackets.pop();
      if ('()[]'.includes(next)) return null;
      if (next === '}' && inside === '{') {
        state.inside.pop();
        return 'string-2';
      }
      if (next === '\\') stream.match(/^[\p{L}\d^_-]*/u); // \lambda, before Tab
      return next === '\\' ? 'meta' : 'error';
    },

    indent(state, after) {
      if (state.brackets.length) return state.brackets[state.brackets.length - 1];
      return 2 * Math.max(0, state.blocks - (/^\s*(?:end|else)\b/.test(after) ? 1 : 0));
    },

    electricInput: /^\s*(?:end|else)$/,
    lineComment: '#',
    closeBrackets: '()[]""', // not ', which is the derivative
    languageData: {
      commentTokens: {line: '#'}, indentOnInput: /^\s*(?:end|else)$/, closeBrackets: {brackets: ['(', '[', '"']},
    },
  };
}
