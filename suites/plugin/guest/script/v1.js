const version = 1;

function transform(text) { return text.toUpperCase(); }
