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
      key: "Key fact", myth: "Myth", fact: "Fact", do: "Do", dont: "Do not",
    },
    es: {
      heading: "Título",
      rowAdd: "Añadir una fila", rowDelete: "Quitar esta fila",
      columnAdd: "Añadir una columna", columnDelete: "Quitar esta columna",
      es: "Frase en español", en: "Frase en inglés",
      key: "Dato clave", myth: "Mito", fact: "Realidad", do: "Qué hacer", dont: "Qué no hacer",
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

  /* --- Tables ---------------------------------------------------------------- */
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
    editor.ui.addButton(name, { label, command, toolbar: "portal", className: "portal-in-words" });
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

  // The whole list in which the cursor stands, or a new one.
  function addListButton(editor, name, label, kind) {
    const command = name.toLowerCase();
    editor.addCommand(command, {
      contextSensitive: true,
      refresh(_editor, path) {
        const list = path.contains(["ul", "ol"]);
        this.setState(list?.hasClass(kind) ? CK.TRISTATE_ON : CK.TRISTATE_OFF);
      },
      exec() {
        editor.fire("saveSnapshot");
        const here = () => editor.elementPath().contains(["ul", "ol"]);
        if (!here()) editor.execCommand("bulletedlist");
        const list = here();
        if (!list) return;
        if (list.hasClass(kind)) list.removeAttribute("class");
        else list.setAttribute("class", kind);
        editor.fire("saveSnapshot");
        editor.forceNextSelectionCheck();
        editor.selectionChange();
      },
    });
    addButton(editor, name, label, command);
  }

  CK.plugins.add("portal", {
    init(editor) {
      const say = words(editor);
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
