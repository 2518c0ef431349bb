/* Pictures from the library in a text: <figure data-picture="12"><figcaption>words</figcaption>
   </figure>. Django's own window for choosing a row finds them, as in any other field of a form. */
(() => {
  "use strict";
  const CK = window.CKEDITOR;
  if (!CK) return;

  const WORDS = {
    en: {
      picture: "Picture", caption: "Caption", gone: "This picture is not in the library any more.",
    },
    es: {
      picture: "Imagen", caption: "Pie de imagen", gone: "Esta imagen ya no está en la biblioteca.",
    },
  };
  const ENTER = 13;
  const IN_CAPTION = "strong em cite q sub sup; a[!href]; abbr[title]; span[!lang]";

  /* What Django's window writes its choice into. */
  function chooser(editor, address, chosen) {
    const input = Object.assign(document.createElement("input"), { type: "hidden", id: `${editor.name}_picture` });
    const link = Object.assign(document.createElement("a"), { href: address, id: `lookup_${input.id}`, hidden: true });
    editor.element.$.after(input, link);
    window.django.jQuery(input).on("change", () => chosen(input.value)); // it tells by jQuery alone
    return () => {
      try {
        window.showRelatedObjectLookupPopup(link);
      } catch { // no window: the browser opens none without a click, as after a drop
      }
    };
  }

  function show(figure, editor, number) {
    const image = new CK.dom.element("img", editor.document);
    image.setAttributes({
      src: editor.config.pictures.thumbnail.replace("/0/", `/${number}/`),
      alt: `${editor.portalWords.picture} ${number}`,
      "data-cke-shown": 1, // ours, in what is copied
    });
    image.$.addEventListener("error", () => image.setAttribute("alt", editor.portalWords.gone));
    figure.findOne("img")?.remove();
    figure.append(image, true);
  }

  /* From the caption to a new line below. */
  function goOn(editor, widget) {
    editor.fire("saveSnapshot");
    const line = new CK.dom.element("p", editor.document);
    line.appendBogus();
    line.insertAfter(widget.wrapper);
    const range = editor.createRange();
    range.moveToElementEditStart(line);
    editor.focus();
    range.select();
    editor.fire("saveSnapshot");
  }

  /* A picture stands between what is written, never inside of a list, a table or a quote. */
  function insert(editor, number, place) {
    const area = editor.editable();
    editor.focus();
    const around = place?.startContainer.getParents().concat(place.startContainer) ?? [];
    const block = around[around.findIndex((element) => element.equals(area)) + 1];
    const range = editor.createRange();
    if (!block || !area.contains(block)) range.moveToElementEditEnd(area);
    else range.setStartAfter(block);
    range.collapse(true);
    editor.insertHtml(`<figure data-picture="${number}"></figure>`, "html", range);
    if (block?.type === CK.NODE_ELEMENT && !block.getText().trim() && block.is("p")) block.remove();
  }

  // Firefox leaves the cursor beside what has the focus.
  function begin(editor, caption) {
    caption.focus();
    const range = editor.createRange();
    range.moveToElementEditStart(caption);
    range.select();
  }

  CK.plugins.add("figures", {
    requires: "widget",
    init(editor) {
      const say = editor.portalWords = WORDS[editor.langCode] || WORDS.en;
      let place = null; // where the cursor was
      let replaced = null; // the picture that the chosen one takes the place of

      editor.widgets.add("picture", {
        editables: { caption: { selector: "figcaption", allowedContent: IN_CAPTION } },
        draggable: false,
        upcast(element) {
          if (element.name !== "figure" || !element.attributes["data-picture"]) return false;
          if (!element.getFirst("figcaption")) element.add(new CK.htmlParser.element("figcaption"));
          return true;
        },
        downcast(element) {
          const caption = element.getFirst("figcaption");
          const words = caption.getHtml().replace(/<(?!\/?(?:a|abbr|cite|em|q|span|strong|sub|sup)\b)[^>]*>/g, " ");
          const isEmpty = !words.replace(/<[^>]*>|&nbsp;/g, "").trim();
          element.setHtml(isEmpty ? "" : `<figcaption>${words}</figcaption>`);
          return element;
        },
        init() {
          show(this.element, editor, this.element.getAttribute("data-picture"));
          this.editables.caption.setAttribute("data-cke-label", say.caption);
          // CKEditor makes a landmark of each.
          this.on("data", () => this.wrapper.setAttribute("role", "group"), null, null, 10000);
        },
        getLabel: () => say.picture,
      });

      // With the whole picture chosen, CKEditor's own keys begin a line after or before it.
      editor.config.widget_keystrokeInsertLineAfter = ENTER;
      editor.config.widget_keystrokeInsertLineBefore = CK.SHIFT + ENTER;
      editor.on("key", (event) => {
        const widget = editor.widgets.widgetHoldingFocusedEditable;
        if (!widget || (event.data.keyCode !== ENTER && event.data.keyCode !== CK.SHIFT + ENTER)) return;
        event.cancel(); // a caption is one line
        goOn(editor, widget);
      }, null, null, 1);

      const open = chooser(editor, editor.config.pictures.library, (number) => {
        if (!/^[1-9]\d{0,8}$/.test(number)) return;
        editor.fire("saveSnapshot");
        if (replaced?.wrapper) {
          replaced.element.setAttribute("data-picture", number);
          show(replaced.element, editor, number);
        } else {
          insert(editor, number, place);
          const caption = editor.widgets.focused?.editables.caption;
          if (caption) begin(editor, caption);
        }
        editor.fire("saveSnapshot");
      });
      editor.addCommand("picture", {
        exec() {
          const selection = editor.getSelection();
          place = selection?.getRanges()[0] ?? null;
          replaced = editor.widgets.focused || editor.widgets.widgetHoldingFocusedEditable;
          open();
        },
      });
      editor.ui.addButton("Picture", { label: say.picture, command: "picture", toolbar: "portal", className: "portal-in-words" });
    },
  });
})();
