/* While typing: "- ", "* " and "1. " at the start of a line make a list, and an https address becomes
   a link. Backspace or Ctrl+Z right after it brings back what was typed. */
(() => {
  "use strict";
  const CK = window.CKEDITOR;
  if (!CK) return;

  const LIST = /^(?:([-*])|1\.)[ \u00a0]$/;
  const ADDRESS = /(?:^|[\s(“"'])(https:\/\/[^\s@\\/?#]+?\.[^\s\\]+?)([.,;:!?)”"'…]*)([ \u00a0]?)$/;
  const BACKSPACE = 8, ENTER = 13;

  // In one step of what can be undone, whose state before is what was typed.
  function asOneStep(editor, change) {
    editor.fire("saveSnapshot");
    editor.fire("lockSnapshot", { dontUpdate: true });
    change();
    editor.fire("unlockSnapshot");
    editor.fire("saveSnapshot");
    return editor.getSnapshot();
  }

  function madeList(editor, selection) {
    const block = editor.elementPath()?.block;
    if (!block?.is("p") || block.getAttribute("class") || !block.getParent().equals(editor.editable())) return;
    const typed = document.createRange();
    typed.setStart(block.$, 0);
    typed.setEnd(selection.focusNode, selection.focusOffset);
    const found = LIST.exec(typed.toString());
    return found && asOneStep(editor, () => {
      typed.deleteContents();
      if (!block.getText()) block.appendBogus();
      const start = editor.createRange();
      start.moveToElementEditStart(block);
      start.select();
      editor.execCommand(found[1] ? "bulletedlist" : "numberedlist");
    });
  }

  function madeLink(editor, selection) {
    const text = selection.focusNode;
    if (text.nodeType !== Node.TEXT_NODE || text.parentElement.closest("a")) return;
    const found = ADDRESS.exec(text.data.slice(0, selection.focusOffset));
    return found && asOneStep(editor, () => {
      const [, address, ...after] = found;
      const rest = after.join("").length;
      const words = text.splitText(selection.focusOffset - rest - address.length);
      const behind = words.splitText(address.length);
      const link = document.createElement("a");
      link.href = address;
      link.dataset.ckeSavedHref = address;
      words.replaceWith(link);
      link.append(words);
      selection.collapse(behind, rest);
    });
  }

  CK.plugins.add("typing", {
    init(editor) {
      let made = null; // the text with it, as long as nothing else was done
      const selection = () => {
        const here = window.getSelection();
        return here.isCollapsed && here.focusNode && editor.editable()?.$.contains(here.focusNode) ? here : null;
      };
      editor.on("contentDom", () => {
        const area = editor.editable();
        area.attachListener(area, "input", ({ data: { $: event } }) => {
          const here = event.inputType === "insertText" && event.data === " " && selection();
          made = here ? madeList(editor, here) || madeLink(editor, here) : null;
        });
      });
      editor.on("key", (event) => {
        const key = event.data.keyCode;
        if (key === BACKSPACE && made && made === editor.getSnapshot()) {
          editor.execCommand("undo");
          event.cancel();
        }
        if (key === ENTER || key === CK.SHIFT + ENTER) {
          const here = selection();
          if (here) madeLink(editor, here);
        }
      }, null, null, 1);
    },
  });
})();
