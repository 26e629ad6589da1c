// Elements of the document from data. Text is always text: nothing that comes from a scenario is read as HTML.

type Child = Node | string | number | null | undefined | false;
type Attributes = Record<string, string | number | boolean | undefined | ((event: never) => void)>;

const svgSpace = "http://www.w3.org/2000/svg";

function filled<T extends Element>(element: T, attributes: Attributes, children: Child[]): T {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value as unknown as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

export function html<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(tag), attributes, children);
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return filled(document.createElementNS(svgSpace, tag) as SVGElementTagNameMap[K], attributes, children);
}

// A part of the page with its heading and a sentence on how to read it.
export function section(id: string, title: string, about: string | null, ...children: Child[]): HTMLElement {
  return html(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    html("h2", { id: `${id}-title` }, title),
    about ? html("p", { class: "about" }, about) : null,
    ...children,
  );
}

export interface Column<Row> {
  title: string;
  of: (row: Row) => Node | string | number | null;
  isNumber?: boolean;
}

// The first column names the row.
export function table<Row>(caption: string, columns: Column<Row>[], rows: Row[]): HTMLElement {
  const cell = (row: Row, column: Column<Row>, first: boolean) =>
    first
      ? html("th", { scope: "row" }, column.of(row))
      : html("td", { class: column.isNumber ? "number" : undefined }, column.of(row));
  return html(
    "div",
    { class: "scrolled", tabindex: 0, role: "region", "aria-label": caption },
    html(
      "table",
      {},
      html("caption", {}, caption),
      html(
        "thead",
        {},
        html(
          "tr",
          {},
          ...columns.map((column) => html("th", { scope: "col", class: column.isNumber ? "number" : undefined }, column.title)),
        ),
      ),
      html("tbody", {}, ...rows.map((row) => html("tr", {}, ...columns.map((column, i) => cell(row, column, i === 0))))),
    ),
  );
}

// The same as a picture shows, in words: closed until somebody wants it.
export function asTable<Row>(caption: string, columns: Column<Row>[], rows: Row[]): HTMLElement {
  const details = html("details", { class: "as-table" }, html("summary", {}, `As a table: ${caption}`));
  // Made when it is opened: long pages open faster, and a reader of screens asks for it all the same.
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(table(caption, columns, rows));
  });
  return details;
}

export function choice(
  label: string,
  options: { value: string; text: string }[],
  value: string,
  change: (value: string) => void,
): HTMLElement {
  const select = html(
    "select",
    {},
    ...options.map((option) => html("option", { value: option.value, selected: option.value === value }, option.text)),
  );
  select.addEventListener("change", () => change(select.value));
  return html("label", { class: "choice" }, html("span", {}, label), select);
}
