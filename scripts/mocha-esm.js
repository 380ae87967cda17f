// mocha loads test files by require() where Node offers require(esm); tsx then turns every source file into CommonJS, which
// production never is (`import.meta.resolve` is missing there). Saying that Node cannot makes mocha import() them.
Object.defineProperty(process.features, 'require_module', { value: false });
