/* What is pasted from Word, Google Docs, mail and web pages keeps what the site knows. The rest is
   named at once, in one sentence: once it is gone, nobody could. */
(() => {
  "use strict";
  const CK = window.CKEDITOR;
  if (!CK) return;

  const WORDS = {
    en: {
      leftOut: "Left out: {list}.",
      pictures: ["a picture", "{n} pictures"], parts: ["a video, form, or other embedded part", "{n} videos, forms, or other embedded parts"],
      comments: ["a comment", "{n} comments"], links: ["a link that led nowhere", "{n} links that led nowhere"],
      colors: ["colors"], underlines: ["underlines"], struck: ["lines through words (should those words stay?)"],
      choose: "To add a picture, press Picture.",
      long: "Not pasted: one text has room for {n} kB. Paste less of it, or split it into two pages.",
    },
    es: {
      leftOut: "Se quitó: {list}.",
      pictures: ["una imagen", "{n} imágenes"], parts: ["un video, formulario u otra parte insertada", "{n} videos, formularios u otras partes insertadas"],
      comments: ["un comentario", "{n} comentarios"], links: ["un enlace que no llevaba a ninguna parte", "{n} enlaces que no llevaban a ninguna parte"],
      colors: ["colores"], underlines: ["subrayados"], struck: ["tachados (¿deben quedarse esas palabras?)"],
      choose: "Para añadir una imagen, pulse Imagen.",
      long: "No se pegó: en un texto caben {n} kB. Pegue menos, o divídalo en dos páginas.",
    },
  };
  // What colleagues noted beside a text in Word is not for the public: its marks, and the list at the end.
  const COMMENTS = /<a\s[^>]*#_msocom_[^>]*>[^]*?<\/a>|<div[^>]*mso-element:\s*comment-list[^]*?(?=<!--EndFragment|<\/body|$)/gi;
  const OURS_SHOWN = /<img\b[^>]*\bdata-cke-shown\b[^>]*>/gi; // of pictures from the library: figures.js
  const IMAGES = /<(?:img|source)\b(?:"[^"]*"|'[^']*'|[^>"'])*>/gi; // CKEditor's parser would ask for them
  const WRAPPERS = "section, article, main, header, footer, aside, picture, figure:not([data-picture]), figcaption:not([data-picture] *)";
  const LINES = "p, div, h1, h2, h3, h4, h5, h6, body > :is(p, div, h1, h2, h3, ul, ol, table) + br, br:has(+ hr)";
  const HANDLERS = /\son[a-z]+(?=\s*=)/gi; // none would run, and the policy would still say so
  const bare = (html) => html.replace(/<[^>]+>/g, (tag) => tag.replace(HANDLERS, " data-on"));
  const read = (html) => new DOMParser().parseFromString(bare(html), "text/html"); // which asks for nothing

  // As a browser writes colors: in numbers, or by the name that stood there. Grays are what text has anyway.
  const isColor = (value) => {
    const [red, green, blue, alpha = 1] = value.match(/[\d.]+/g)?.map(Number) ?? [];
    if (blue !== undefined) return alpha > 0 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60;
    return /^(?!inherit|initial|unset|revert|currentcolor|transparent|var|black|white|window|\w*gr[ae]y)[a-z]/.test(value);
  };
  const isColored = (one) => {
    if (one.tagName === "FONT") one.style.color = one.getAttribute("color");
    return isColor(one.style.color) || isColor(one.style.backgroundColor);
  };
  const drawn = (page, tags, line) => [...page.body.querySelectorAll(`${tags}, [style*='${line}']`)]
    .filter((one) => !one.closest("a") && !one.querySelector("a") && one.textContent.trim()).length;

  // At least as much as will be left of it. CKEditor would work on a long one for minutes.
  const isTooMuch = (page, { longest, most }, before) =>
    before + new Blob([page.body.textContent]).size > longest || page.querySelectorAll("p, li, td, a, b, i, strong, em").length > most;

  function counted(page, parts) {
    const all = (selector) => [...page.querySelectorAll(selector)];
    return {
      pictures: all("img, svg, canvas").length,
      parts: all(parts).filter((one) => !one.parentElement.closest(parts)).length,
      comments: all("[href*='#_msocom_']").length,
      links: all("a[href^='#']:not([href^='#_mso'])").length,
      colors: Math.min(1, all("body [style], font").filter((one) => !one.closest("a") && one.textContent.trim() && isColored(one)).length),
      underlines: Math.min(1, drawn(page, "u", "underline")),
      struck: Math.min(1, drawn(page, "s, strike, del", "line-through")),
    };
  }

  function sentence(counts, say, language) {
    const kinds = Object.keys(counts).filter((kind) => counts[kind]);
    if (!kinds.length) return "";
    const list = kinds.map((kind) => say[kind][counts[kind] > 1 ? 1 : 0].replace("{n}", counts[kind]));
    const named = say.leftOut.replace("{list}", new Intl.ListFormat(language).format(list));
    return counts.pictures ? `${named} ${say.choose}` : named;
  }

  const isBold = ({ tagName, style }) => style.fontWeight ? style.fontWeight === "bold" || style.fontWeight > 500 : /^(B|STRONG)$/.test(tagName);
  const bolds = (cell) => [...cell.querySelectorAll("b, strong, span")].filter(isBold);

  // A first row that is marked as such, or all bold, holds the headings of the table.
  function headings(table) {
    const [row, ...others] = table.rows;
    const cells = [...row?.cells ?? []];
    const isHeading = (cell) => {
      const rest = cell.cloneNode(true);
      for (const bold of bolds(rest)) bold.remove();
      return cell.tagName === "TH" || !rest.textContent.trim();
    };
    const isHead = row?.parentElement.tagName === "THEAD" || (cells.some((cell) => cell.textContent.trim()) && cells.every(isHeading));
    if (!others.length || !isHead) return;
    for (const cell of cells) {
      const head = document.createElement("th");
      head.scope = "col";
      if (cell.colSpan > 1) head.colSpan = cell.colSpan;
      for (const bold of bolds(cell)) bold.replaceWith(...bold.childNodes);
      head.append(...cell.childNodes);
      cell.replaceWith(head);
    }
    (table.tHead ?? table.createTHead()).prepend(row);
  }

  function tidied(html) {
    const page = read(html);
    const texts = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode;
      text.data = text.data.replace(/[\u00ad\u200b\u2060\ufeff]/g, "").replace(/[\u00a0\u2007\u202f][ \u00a0\u2007\u202f]*/g, " ");
    }
    for (const link of page.querySelectorAll("a[href^='#']")) link.replaceWith(...link.childNodes);
    page.querySelectorAll("table").forEach(headings);
    for (const line of page.querySelectorAll(":is(td, th) > p:only-child")) line.replaceWith(...line.childNodes);
    for (const part of page.querySelectorAll("iframe, object, embed, applet, audio, video, svg, math, canvas")) part.remove();
    for (const part of page.querySelectorAll(WRAPPERS)) part.replaceWith(...part.childNodes);
    // Lines with nothing in them: the site has its own spaces.
    for (const line of page.querySelectorAll(LINES)) {
      const before = line.tagName === "BR" && line.previousSibling;
      const isPart = before?.nodeType === Node.TEXT_NODE && before.data.trim();
      if (!isPart && !line.textContent.trim() && !line.querySelector("figure, hr, table")) line.remove();
    }
    return page.body.innerHTML;
  }

  CK.plugins.add("pasting", {
    init(editor) {
      const { renamed, leftOut, room } = editor.config;
      const say = WORDS[editor.langCode] || WORDS.en;
      const note = document.createElement("p");
      note.className = "portal-left-out";
      note.setAttribute("role", "status");
      editor.on("instanceReady", () => editor.container.$.after(note));
      // What the server would rename, before the editor's filter drops it: between it and the parser.
      editor.on("toHtml", ({ data }) => data.dataValue.forEach((element) => {
        element.name = renamed[element.name] || element.name;
      }, CK.NODE_ELEMENT), null, null, 5.5);

      editor.on("paste", (event) => {
        const { data } = event;
        if (data.isRead) return; // it comes again when the script that knows Word's markup is there
        data.isRead = true;
        const pasted = (data.dataTransfer.getData("text/html", true) || data.dataValue).replace(OURS_SHOWN, "");
        const page = read(pasted);
        if (isTooMuch(page, room, editor.getData().length)) {
          note.textContent = say.long.replace("{n}", room.longest / 1000);
          event.cancel();
          return;
        }
        const counts = counted(page, leftOut.join());
        note.textContent = sentence(counts, say, editor.langCode);
        const kept = (html) => html.replace(COMMENTS, "").replace(IMAGES, "");
        data.dataTransfer.setData("text/html", kept(pasted));
        data.dataValue = kept(data.dataValue);
        const hasWords = data.dataValue.replace(/<[^>]*>|&nbsp;/g, "").trim();
        if (counts.pictures && !hasWords) editor.execCommand("picture");
      }, null, null, 2); // before Word's own markup is read, which is done at 3
      editor.on("paste", ({ data }) => { data.dataValue = tidied(data.dataValue); }, null, null, 900);
    },
  });
})();
