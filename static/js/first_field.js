"use strict";
document.querySelector("fieldset :is(input, select, textarea):not([type=hidden], :disabled)")?.focus();
