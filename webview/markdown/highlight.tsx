import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import go from 'highlight.js/lib/languages/go';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import markdown from 'highlight.js/lib/languages/markdown';
import php from 'highlight.js/lib/languages/php';
import python from 'highlight.js/lib/languages/python';
import ruby from 'highlight.js/lib/languages/ruby';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { createLowlight } from 'lowlight';
import type { ComponentChild } from 'preact';

type Tree = ReturnType<ReturnType<typeof createLowlight>['highlight']>;
type TreeNode = Tree['children'][number];

let made: ReturnType<typeof createLowlight> | undefined;

/** Made with the first code that is shown: the page is there before. */
function lowlight(): ReturnType<typeof createLowlight> {
  if (made) return made;
  made = createLowlight({
    bash,
    c,
    cpp,
    csharp,
    css,
    diff,
    go,
    java,
    javascript,
    json,
    markdown,
    php,
    python,
    ruby,
    rust,
    sql,
    typescript,
    xml,
    yaml,
  });
  made.registerAlias({
    javascript: ['mjs', 'cjs'],
    typescript: ['mts', 'cts'],
    xml: ['vue'],
    bash: ['zsh', 'shell', 'console'],
    json: ['jsonc'],
  });
  return made;
}

/** Longer texts are shown plain: colouring them would hold up the page. */
const MAX_CHARS = 40_000;

/** Code as elements with classes for its parts; plain text for a language that is not known. */
export function highlight(code: string, language: string): ComponentChild {
  const name = language.toLowerCase();
  if (code.length > MAX_CHARS || !lowlight().registered(name)) return code;
  return lowlight().highlight(name, code).children.map(node);
}

function node(tree: TreeNode): ComponentChild {
  if (tree.type === 'text') return tree.value;
  if (tree.type !== 'element') return null;
  const classes = tree.properties.className;
  return <span class={Array.isArray(classes) ? classes.join(' ') : undefined}>{tree.children.map(node)}</span>;
}
