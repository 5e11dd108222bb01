'use strict';

// Everything is put into the page as text, never as markup.
function element(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
  for (const child of children) if (child !== null && child !== undefined) node.append(child);
  return node;
}

// prose turns `code` into code and blank lines into paragraphs.
function prose(text) {
  const box = element('div');
  for (const paragraph of (text || '').split('\n\n')) {
    if (!paragraph) continue;
    const p = element('p');
    paragraph.split('`').forEach((part, i) => p.append(i % 2 ? element('code', {}, part) : part));
    box.append(p);
  }
  return box;
}

const refName = (ref) => ref.split('/').pop();

function typeName(schema) {
  if (!schema) return 'anything';
  if (schema.$ref) return refName(schema.$ref);
  const parts = schema.anyOf || schema.oneOf;
  if (parts) return parts.map(typeName).join(' or ');
  const types = [].concat(schema.type || 'anything');
  let name = types.map((t) => (t === 'array' ? 'array of ' + typeName(schema.items) : t)).join(' or ');
  if (schema.format && schema.format !== 'int64') name += ' (' + schema.format + ')';
  if (schema.enum && schema.enum[0] !== null) name += ': ' + schema.enum.join(', ');
  return name;
}

function limits(schema) {
  const words = [];
  if (schema.default !== undefined) words.push('default ' + schema.default);
  if (schema.minimum !== undefined) words.push('at least ' + schema.minimum);
  if (schema.maximum !== undefined) words.push('at most ' + schema.maximum);
  if (schema.maxLength !== undefined) words.push('at most ' + schema.maxLength + ' characters');
  if (schema.maxItems !== undefined) words.push('at most ' + schema.maxItems + ' items');
  return words.join(', ');
}

function row(name, required, schema, description) {
  const text = [description || schema.description, limits(schema)].filter(Boolean).join(' — ');
  return element('tr', {}, element('td', {}, element('code', {}, name), required ? ' required' : ''),
    element('td', {}, typeName(schema)), element('td', {}, text));
}

function table(rows) {
  return element('table', {}, element('thead', {}, element('tr', {}, element('th', {}, 'Name'), element('th', {}, 'Type'), element('th', {}, 'Meaning'))),
    element('tbody', {}, ...rows));
}

// shape shows the properties of a schema, and those of what it refers to behind
// a fold. known holds the names on the way here, as schemas may hold themselves.
function shape(spec, schema, known) {
  if (!schema) return null;
  if (schema.$ref) {
    const name = refName(schema.$ref);
    if (known.includes(name)) return null;
    return shape(spec, spec.components.schemas[name], known.concat(name));
  }
  const box = element('div');
  for (const part of schema.oneOf || schema.anyOf || []) fold(spec, box, part, known);
  if (schema.items) box.append(shape(spec, schema.items, known) || '');
  if (schema.properties) {
    const required = schema.required || [];
    box.append(table(Object.entries(schema.properties).map(([name, s]) => row(name, required.includes(name), s))));
    for (const s of Object.values(schema.properties)) references(s).forEach((r) => fold(spec, box, r, known));
  }
  return box.childNodes.length ? box : null;
}

function references(schema) {
  if (schema.$ref) return [schema];
  return [].concat(...[schema.items, ...(schema.anyOf || []), ...(schema.oneOf || [])].filter(Boolean).map(references));
}

function fold(spec, box, schema, known) {
  if (!schema.$ref || known.includes(refName(schema.$ref))) return;
  const name = refName(schema.$ref);
  const details = element('details', {}, element('summary', {}, name));
  details.addEventListener('toggle', () => {
    if (details.open && details.childNodes.length === 1) details.append(shape(spec, schema, known) || element('p', {}, 'No properties.'));
  });
  box.append(details);
}

function call(spec, path, method, operation) {
  const section = element('section', { class: 'call', id: operation.operationId },
    element('h3', {}, element('span', { class: 'method' }, method.toUpperCase()), element('code', {}, path)),
    element('p', {}, operation.summary || ''), prose(operation.description));
  if (operation.parameters) {
    section.append(element('h4', {}, 'Parameters'),
      table(operation.parameters.map((p) => row(p.name + ' (' + p.in + ')', p.required, p.schema || {}, p.description))));
  }
  for (const [type, media] of Object.entries((operation.requestBody || {}).content || {})) {
    section.append(element('h4', {}, 'Body: ' + type), shape(spec, media.schema, []) || '');
  }
  section.append(element('h4', {}, 'Answers'));
  for (const [status, response] of Object.entries(operation.responses)) {
    const details = element('details', {}, element('summary', {}, status + ' ' + (response.description || '')));
    for (const [type, media] of Object.entries(response.content || {})) {
      details.append(element('p', {}, type + ': ' + typeName(media.schema)), shape(spec, media.schema, []) || '');
    }
    for (const [name, header] of Object.entries(response.headers || {})) {
      details.append(element('p', {}, element('code', {}, name), ' header. ', (header.schema || {}).description || ''));
    }
    section.append(details);
  }
  return section;
}

async function show() {
  const spec = await (await fetch('/api/openapi.json')).json();
  document.getElementById('about').textContent = spec.info.description + ' Version ' + spec.info.version + '.';
  const byTag = new Map();
  for (const [path, item] of Object.entries(spec.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      if (!operation.operationId) continue;
      const tag = (operation.tags || ['Other'])[0];
      if (!byTag.has(tag)) byTag.set(tag, []);
      byTag.get(tag).push({ path, method, operation });
    }
  }
  const contents = document.getElementById('contents');
  const calls = document.getElementById('calls');
  for (const [tag, entries] of byTag) {
    const list = element('ul');
    contents.append(element('h2', {}, tag), list);
    calls.append(element('h2', {}, tag));
    for (const { path, method, operation } of entries) {
      list.append(element('li', {}, element('a', { href: '#' + operation.operationId }, element('span', { class: 'method' }, method.toUpperCase()), path), ' ' + operation.summary));
      calls.append(call(spec, path, method, operation));
    }
  }
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

show().catch((error) => {
  document.getElementById('calls').textContent = 'The description could not be loaded: ' + error.message;
});
