const version = 2;

function transform(text) { return text.split("").reverse().join(""); }
