/* What CKEditor 4 needs to run under script-src 'self', and the buttons that are ours.
   Why each part is here: docs/decisions/0001-editor-and-sanitiser.md */
(() => {
  "use strict";
  const CK = window.CKEDITOR;
  if (!CK) return; // the plain text box still works

  const WORDS = {
    en: {
      heading: "Heading",
      rowAdd: "Add a row", rowDelete: "Delete this row",
      columnAdd: "Add a column", columnDelete: "Delete this column",
      es: "Spanish phrase", en: "English phrase",
      shown: "Words to show", address: "Where it leads",
      key: "Key fact", myth: "Myth", fact: "Fact", do: "Do", dont: "Do not",
      leftOut: "This could not be kept:", pictures: "pictures", parts: "videos, forms or other embedded parts", comments: "comments",
      choose: "Press Picture to choose one from the library.",
      hint: "A web page (https://…), a page of this site (/help/), an e-mail address, a phone number, or sms: and a number to text.",
      missing: "Write where the link leads.",
      insecure: "Use an address that starts with https://. This one starts with http://, which others on the network can read.",
      wrong: "This address can’t be used. Write a web address with https://, a page of this site such as /help/, an e-mail address, a phone number, or sms: and a number.",
    },
    es: {
      heading: "Título",
      rowAdd: "Añadir una fila", rowDelete: "Quitar esta fila",
      columnAdd: "Añadir una columna", columnDelete: "Quitar esta columna",
      es: "Frase en español", en: "Frase en inglés",
      shown: "Palabras del enlace", address: "Adónde lleva",
      key: "Dato clave", myth: "Mito", fact: "Realidad", do: "Qué hacer", dont: "Qué no hacer",
      leftOut: "Esto no se pudo conservar:", pictures: "imágenes", parts: "videos, formularios u otras partes insertadas", comments: "comentarios",
      choose: "Pulse Imagen para elegir una de la biblioteca.",
      hint: "Una página web (https://…), una página de este sitio (/help/), un correo electrónico, un número de teléfono, o sms: y un número.",
      missing: "Escriba adónde lleva el enlace.",
      insecure: "Use una dirección que empiece por https://. Esta empieza por http://, que otros pueden leer en la red.",
      wrong: "Esta dirección no se puede usar. Escriba una dirección con https://, una página de este sitio como /help/, un correo, un teléfono, o sms: y un número.",
    },
  };
  const words = (editor) => WORDS[editor.langCode] || WORDS.en;

  /* --- Without inline scripts ------------------------------------------------
     CKEditor writes onclick="CKEDITOR.tools.callFunction(…)" into its own buttons. The policy
     forbids that, so the attribute gets a name that does nothing, and one listener for each
     kind of event runs the only two forms of it that exist. */
  const OURS = ".cke_top, .cke_dialog"; // never in the text, which anybody may have pasted
  const CALL = /^(?:return )?CKEDITOR\.tools\.callFunction\((\d+),(this|event)\);(?:return false;)?$/;

  const output = CK.template.prototype.output;
  CK.template.prototype.output = function (data, buffer) {
    const html = output.call(this, data)
      .replace(/ on(click|keydown|focus|mousedown|mouseup|dragstart)="/g, ' data-cke-on$1="')
      .replace(/ href="javascript:[^"]*"/g, ' href="#"');
    return buffer ? buffer.push(html) : html;
  };
  for (const type of ["click", "keydown", "focus", "mousedown", "mouseup", "dragstart"]) {
    document.addEventListener(type, (event) => {
      const attribute = `data-cke-on${type}`;
      const element = event.target.closest?.(`[${attribute}]`);
      if (!element?.closest(OURS) || (type === "focus" && element !== event.target)) return;
      const code = element.getAttribute(attribute).trim();
      const call = CALL.exec(code);
      const result = call && CK.tools.callFunction(+call[1], call[2] === "this" ? element : event);
      if (code === "return false;" || (call && (type === "click" || result === false))) {
        event.preventDefault();
      }
    }, true);
  }

  /* --- Links -----------------------------------------------------------------
     One box that takes what people have at hand, instead of CKEditor's choice of protocols
     (which makes an https address of "sms:…"). The server has the last word: awareness/content/richtext/. */
  function toAddress(typed) {
    const text = typed.trim();
    const bare = (words) => words.replace(/[\s().\p{Pd}\p{Cf}\u2212]/gu, "");
    if (/^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(text)) return `mailto:${text}`;
    if (/^\+?\d{3,15}$/.test(bare(text))) return `tel:${bare(text)}`;
    if (/^(tel|sms):/i.test(text)) return text.replace(/^[^?;&]*/, bare); // what a text would say stays
    if (/^[\w-]+(\.[\w-]+)+([/?#]|$)/.test(text)) return `https://${text}`;
    return text;
  }
  const isAllowed = (address) => /^(https:\/\/[^/?#@\\\s]+([/?#]|$)|mailto:.|tel:\+?\d|sms:\+?\d|\/(?!\/)|\?)/i.test(address) && !address.includes("\\");

  const linkDialog = (editor) => {
    const say = words(editor);
    return {
      title: editor.lang.link.title,
      minWidth: 260,
      minHeight: 120,
      contents: [{ id: "info", elements: [
        { id: "shown", type: "text", label: say.shown },
        {
          id: "address", type: "text", label: say.address, required: true,
          validate() {
            const address = toAddress(this.getValue());
            if (!address) return say.missing;
            if (/^http:/i.test(address)) return say.insecure;
            return isAllowed(address) || say.wrong;
          },
        },
        { type: "html", html: `<p class="portal-hint">${CK.tools.htmlEncode(say.hint)}</p>` },
      ] }],
      onShow() {
        const link = CK.plugins.link.getSelectedLink(editor);
        if (link) editor.getSelection().selectElement(link);
        this.link = link;
        this.wasShown = link ? link.getText() : editor.getSelection().getSelectedText();
        this.setValueOf("info", "shown", this.wasShown);
        this.setValueOf("info", "address", link?.data("cke-saved-href") || link?.getAttribute("href") || "");
      },
      onFocus() { this.getContentElement("info", "address").select(); },
      onOk() {
        const href = toAddress(this.getValueOf("info", "address"));
        const shown = this.getValueOf("info", "shown").trim() || href.replace(/^(mailto|tel|sms):/, "");
        const attributes = { href, "data-cke-saved-href": href };
        if (this.link) {
          this.link.setAttributes(attributes);
          if (shown !== this.wasShown) this.link.setText(shown);
          return;
        }
        const range = editor.getSelection().getRanges()[0];
        if (range.collapsed || shown !== this.wasShown) {
          const text = new CK.dom.text(shown, editor.document);
          range.deleteContents();
          range.insertNode(text);
          range.selectNodeContents(text);
        }
        const style = new CK.style({ element: "a", attributes });
        style.type = CK.STYLE_INLINE; // also where the text to link stands in no paragraph yet
        style.applyToRange(range, editor);
        range.collapse(false);
        range.select();
      },
    };
  };

  CK.on("dialogDefinition", ({ data: { name, definition } }) => {
    definition.resizable = CK.DIALOG_RESIZE_NONE;
    if (name !== "table" && name !== "tableProperties") return;
    const info = definition.getContents("info");
    for (const field of ["txtWidth", "txtHeight", "txtBorder", "txtCellSpace", "txtCellPad", "cmbAlign", "txtSummary"]) {
      info.remove(field); // the site's own design decides these
    }
    info.get("selHeaders").default = "row"; // a table without headings can't be read aloud
    definition.minWidth = 260;
    definition.minHeight = 120;
  });

  /* --- The area and the buttons ---------------------------------------------- */
  function addButton(editor, name, label, command) {
    editor.ui.addButton(name, { label, command, toolbar: "portal" });
  }

  function addStyleButton(editor, name, label, definition, whenActive) {
    const style = new CK.style(definition);
    const command = name.toLowerCase();
    editor.addCommand(command, new CK.styleCommand(style, {
      contextSensitive: true,
      exec() {
        const isActive = style.checkActive(editor.elementPath(), editor);
        if (isActive && whenActive) editor.applyStyle(new CK.style(whenActive));
        else if (isActive) editor.removeStyle(style);
        else editor.applyStyle(style);
      },
    }));
    editor.attachStyleStateChange(style, (state) => {
      if (!editor.readOnly) editor.getCommand(command).setState(state);
    });
    addButton(editor, name, label, command);
  }

  // The whole list in which the cursor stands.
  function addListButton(editor, name, label, kind) {
    const command = name.toLowerCase();
    editor.addCommand(command, {
      contextSensitive: true,
      refresh(_editor, path) {
        const list = path.contains(["ul", "ol"]);
        this.setState(!list ? CK.TRISTATE_DISABLED : list.hasClass(kind) ? CK.TRISTATE_ON : CK.TRISTATE_OFF);
      },
      exec() {
        const list = editor.elementPath().contains(["ul", "ol"]);
        editor.fire("saveSnapshot");
        if (list.hasClass(kind)) list.removeAttribute("class");
        else list.setAttribute("class", kind);
        editor.fire("saveSnapshot");
        editor.forceNextSelectionCheck();
        editor.selectionChange();
      },
    });
    addButton(editor, name, label, command);
  }

  /* --- Pasting ---------------------------------------------------------------
     What the server would rename is renamed before the editor's filter drops it, and what can't
     stay is named at once: once it is gone, nobody could. What colleagues noted beside a text in
     Word is not for the public: its marks in the text, and the list of them at its end. */
  const COMMENTS = /<a\s[^>]*#_msocom_[^>]*>[^]*?<\/a>|<div[^>]*mso-element:\s*comment-list[^]*?(?=<!--EndFragment|<\/body|$)/gi;
  const OURS_SHOWN = /<img\b[^>]*\bdata-cke-shown\b[^>]*>/gi; // of pictures from the library: figures.js
  const IMAGES = /<(?:img|source)\b(?:"[^"]*"|'[^']*'|[^>"'])*>/gi; // CKEditor's parser would ask for them
  function pasting(editor) {
    const { renamed, leftOut } = editor.config;
    const note = document.createElement("p");
    note.className = "portal-left-out";
    note.setAttribute("role", "status");
    editor.on("instanceReady", () => editor.container.$.after(note));
    editor.on("toHtml", ({ data }) => data.dataValue.forEach((element) => {
      element.name = renamed[element.name] || element.name;
    }, CK.NODE_ELEMENT), null, null, 5.5); // between the parser and the filter

    editor.on("paste", ({ data }) => {
      if (data.isRead) return; // it comes again when the script that knows Word's markup is there
      data.isRead = true;
      const say = words(editor);
      const pasted = (data.dataTransfer.getData("text/html", true) || data.dataValue).replace(OURS_SHOWN, "");
      const tags = new Set(pasted.toLowerCase().match(/<[a-z]+/g));
      const found = Object.keys(leftOut).filter((kind) => leftOut[kind].some((tag) => tags.has(`<${tag}`)));
      if (pasted.search(COMMENTS) >= 0) found.push("comments");
      const hasPicture = found.includes("pictures");
      note.textContent = found.length ? `${say.leftOut} ${found.map((kind) => say[kind]).join(", ")}.` : "";
      if (hasPicture) note.textContent += ` ${say.choose}`;
      const kept = (html) => html.replace(COMMENTS, "").replace(IMAGES, "");
      data.dataTransfer.setData("text/html", kept(pasted));
      data.dataValue = kept(data.dataValue);
      const hasWords = data.dataValue.replace(/<[^>]*>|&nbsp;/g, "").trim();
      if (hasPicture && !hasWords) editor.execCommand("picture");
    }, null, null, 2); // before Word's own markup is read, which is done at 3
  }

  CK.plugins.add("portal", {
    init(editor) {
      const say = words(editor);
      pasting(editor);
      for (const level of [2, 3, 4]) {
        addStyleButton(editor, `Heading${level}`, `${say.heading} ${level}`, { element: `h${level}` }, { element: "p" });
      }
      const other = editor.config.contentsLanguage === "es" ? "en" : "es";
      addStyleButton(editor, "Otherlanguage", say[other], { element: "span", attributes: { lang: other } });
      const kinds = { Keyfact: "key", Myth: "myth", Fact: "fact" };
      for (const [name, kind] of Object.entries(kinds)) {
        addStyleButton(editor, name, say[kind], { element: "p", attributes: { class: kind } });
      }
      for (const [name, kind] of Object.entries({ Dolist: "do", Dontlist: "dont" })) {
        addListButton(editor, name, say[kind], kind);
      }
      const inTables = { rowAdd: "rowInsertAfter", rowDelete: "rowDelete", columnAdd: "columnInsertAfter", columnDelete: "columnDelete" };
      for (const [key, command] of Object.entries(inTables)) {
        addButton(editor, key[0].toUpperCase() + key.slice(1).toLowerCase(), say[key], command);
        // CKEditor looks where the cursor is only once there is one.
        editor.on("instanceReady", () => editor.getCommand(command).disable());
      }

      const label = document.querySelector(`label[for="${editor.name}"]`);
      if (label) {
        editor.title = label.textContent.trim().replace(/:$/, "");
        label.addEventListener("click", () => editor.focus()); // its own text box is hidden
      }
    },
    afterInit(editor) {
      CK.dialog.add("link", linkDialog); // after CKEditor's own, which it replaces
      // The text in a div of this page: CKEditor's own area is a frame made by an inline script.
      editor.addMode("wysiwyg", (ready) => {
        const box = CK.dom.element.createFromHtml('<div class="cke_wysiwyg_div cke_reset"></div>');
        editor.ui.space("contents").append(box);
        const area = editor.editable(box);
        area.detach = CK.tools.override(area.detach, (detach) => function (...rest) {
          detach.apply(this, rest);
          this.remove();
        });
        area.setAttributes({
          lang: editor.config.contentsLanguage, // which language the browser spells in
          role: "textbox", "aria-multiline": "true", "aria-label": editor.title,
        });
        editor.setData(editor.getData(true), ready);
        editor.fire("contentDom");
      });
    },
  });
})();
