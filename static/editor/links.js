/* The link box: it takes what people have at hand, and finds pages of this site by their titles and
   headings. CKEditor's own asks for a protocol, and makes an https address of "sms:…". The server
   has the last word: awareness/content/richtext/; it finds by awareness/links/targets.py. */
(() => {
  "use strict";
  const CK = window.CKEDITOR;
  if (!CK) return;

  const WORDS = {
    en: {
      pages: "Pages of this site", shown: "Words to show", address: "Where it leads",
      hint: "Type words of a title or heading of this site and choose, or a web address (https://…), an e-mail address, a phone number, or sms: and a number to text.",
      found: "{n} found. Choose with the arrow keys.", none: "No page or heading has these words.",
      chosen: "Leads to “{title}”.", offline: "The pages could not be looked up. Try again.",
      missing: "Write where the link leads.",
      insecure: "Use an address that starts with https://. This one starts with http://, which others on the network can read.",
      wrong: "This address can’t be used. Choose a page from the list, or write a web address with https://, an e-mail address, a phone number, or sms: and a number.",
    },
    es: {
      pages: "Páginas de este sitio", shown: "Palabras del enlace", address: "Adónde lleva",
      hint: "Escriba palabras de un título de este sitio y elija, o una dirección web (https://…), un correo electrónico, un número de teléfono, o sms: y un número.",
      found: "{n} resultados. Elija con las flechas.", none: "Ninguna página ni título tiene estas palabras.",
      chosen: "Lleva a “{title}”.", offline: "No se pudieron buscar las páginas. Inténtelo otra vez.",
      missing: "Escriba adónde lleva el enlace.",
      insecure: "Use una dirección que empiece por https://. Esta empieza por http://, que otros pueden leer en la red.",
      wrong: "Esta dirección no se puede usar. Elija una página de la lista, o escriba una dirección con https://, un correo, un teléfono, o sms: y un número.",
    },
  };

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

  function make(tag, attributes, text = "") {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    return element;
  }

  /* A combobox (WAI-ARIA): the list below the box in which the address stands. */
  function finder(dialog, editor, say) {
    const input = dialog.getContentElement("info", "address").getInputElement().$;
    const place = dialog.getElement().findOne(".portal-found").$;
    const list = make("ul", { role: "listbox", id: `${input.id}_found`, "aria-label": say.pages });
    const told = make("p", { role: "status" });
    place.append(told, list);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["autocomplete", "off"]]) {
      input.setAttribute(name, value);
    }
    let at = -1, timer = 0, asked = 0;
    const mark = (number) => {
      at = number;
      [...list.children].forEach((option, n) => option.setAttribute("aria-selected", n === at));
      list.children[at]?.scrollIntoView({ block: "nearest" });
      if (at < 0) input.removeAttribute("aria-activedescendant");
      else input.setAttribute("aria-activedescendant", list.children[at].id);
    };
    const fill = (targets) => {
      list.replaceChildren(...targets.map((target, n) => {
        const option = make("li", { role: "option", id: `${list.id}_${n}` });
        const isBelow = [targets[n - 1]?.title, targets[n - 1]?.page].includes(target.page);
        const about = [target.beside, isBelow ? "" : target.page, target.kind, target.state].filter(Boolean);
        option.append(make("b", {}, target.title), " ", make("span", {}, about.join(" · ")));
        option.classList.toggle("is-heading", Boolean(target.page));
        option.addEventListener("click", () => choose(target));
        return option;
      }));
      input.setAttribute("aria-expanded", targets.length > 0);
      mark(-1);
    };
    const close = () => { asked++; clearTimeout(timer); fill([]); told.textContent = ""; };
    const choose = ({ title, page, address }) => {
      close();
      input.value = address;
      told.textContent = say.chosen.replace("{title}", page ? `${page}: ${title}` : title);
      const shown = dialog.getContentElement("info", "shown");
      if (!shown.getValue()) shown.setValue(title);
      input.focus();
    };
    const look = async () => {
      const words = input.value.trim(), number = ++asked;
      if (words.length < 2 || isAllowed(toAddress(words)) || /^https?:/i.test(words)) return close();
      try {
        const query = new URLSearchParams({ q: words, language: editor.config.contentsLanguage });
        const answer = await fetch(`${editor.config.targets}?${query}`, { redirect: "error" });
        const { targets } = await answer.json();
        if (number !== asked) return; // more was typed meanwhile
        fill(targets);
        told.textContent = targets.length ? say.found.replace("{n}", targets.length) : say.none;
      } catch {
        if (number === asked) told.textContent = say.offline;
      }
    };
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 200); });
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the cursor stays in the box
    // Before CKEditor's own keys, which would close the box, by the end of one that was pressed here too.
    let isOurs = false;
    const pressed = ({ key }) => {
      const last = list.children.length - 1;
      const steps = { ArrowDown: at < last ? at + 1 : 0, ArrowUp: at > 0 ? at - 1 : last };
      if (last < 0) return false;
      if (key in steps) mark(steps[key]);
      else if (key === "Escape") close();
      else if (key === "Enter" && at >= 0) list.children[at].click();
      else return false;
      return true;
    };
    for (const type of ["keydown", "keyup"]) {
      dialog.getElement().$.addEventListener(type, (event) => {
        if (type === "keydown") isOurs = event.target === input && pressed(event);
        if (!isOurs) return;
        event.preventDefault();
        event.stopPropagation();
      }, true);
    }
    return close;
  }

  const linkDialog = (editor) => {
    const say = WORDS[editor.langCode] || WORDS.en;
    return {
      title: editor.lang.link.title,
      minWidth: Math.max(260, Math.min(400, window.innerWidth - 60)),
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
        { type: "html", html: '<div class="portal-found"></div>' },
        { type: "html", html: `<p class="portal-hint">${CK.tools.htmlEncode(say.hint)}</p>` },
      ] }],
      onLoad() { this.forget = finder(this, editor, say); },
      onShow() {
        this.forget();
        const link = CK.plugins.link.getSelectedLink(editor);
        if (link) editor.getSelection().selectElement(link);
        this.link = link;
        this.isDone = false;
        this.wasShown = link ? link.getText() : editor.getSelection().getSelectedText();
        this.setValueOf("info", "shown", this.wasShown);
        this.setValueOf("info", "address", link?.data("cke-saved-href") || link?.getAttribute("href") || "");
      },
      onFocus() { this.getContentElement("info", "address").select(); },
      onOk() {
        if (this.isDone) return; // a key that is held down presses again before the box is gone
        this.isDone = true;
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

  CK.plugins.add("links", {
    requires: "link",
    afterInit() { CK.dialog.add("link", linkDialog); }, // after CKEditor's own, which it replaces
  });
})();
