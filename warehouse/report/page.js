"use strict";
(() => {
const D = JSON.parse(document.getElementById("data").textContent);
const [P, O, F, T, A, FM, TM] = D.cells;
const $ = id => document.getElementById(id);
const num = n => n == null ? "" : Number(n).toLocaleString("en");
const hue = id => D.hues[forceName(id)] || D.hues[""];
const forceName = id => D.names[id] || id || "";
const el = (tag, props = {}, ...inside) => {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(props)) k in e && k !== "className" ? e[k] = v : k === "className" ? e.className = v : e.setAttribute(k, v);
  e.append(...inside.filter(x => x != null));
  return e;
};
const state = {force: -1, town: -1, outlet: -1, from: -1, to: -1, claim: ""};
const views = {};
const clicks = {};

// ---------------------------------------------------------------- filters
const options = (id, names, all) => {
  $(id).replaceChildren(el("option", {value: "-1", textContent: all}), ...names.map((n, i) => el("option", {value: String(i), textContent: n})));
};
options("f-force", D.forces.map(f => f.name), "all");
options("f-town", D.towns.map(t => t.name), "all");
options("f-outlet", D.outlets.map(o => o.name), "all");
options("f-from", D.periods, "the beginning");
options("f-to", D.periods, "the end");
const read = () => {
  for (const k of ["force", "town", "outlet", "from", "to"]) state[k] = Number($("f-" + k).value);
  if (state.to >= 0 && state.to < state.from) { [state.from, state.to] = [state.to, state.from]; $("f-from").value = state.from; $("f-to").value = state.to; }
  state.claim = $("f-claim").value;
};
$("filters").addEventListener("change", () => { read(); update(); });
$("filters").addEventListener("reset", () => setTimeout(() => { read(); update(); }));
$("filters").addEventListener("submit", e => e.preventDefault());
const choose = (k, v) => { $("f-" + k).value = String(state[k] === v ? -1 : v); read(); update(); };

const inTime = p => (state.from < 0 && state.to < 0) || (p >= 0 && (state.from < 0 || p >= state.from) && (state.to < 0 || p <= state.to));
const here = i => inTime(P[i]) && (state.outlet < 0 || O[i] === state.outlet);
const sum = (keep, key, value) => {
  const out = new Map();
  for (let i = 0; i < A.length; i++) if (keep(i)) { const k = key(i); out.set(k, (out.get(k) || 0) + value[i]); }
  return out;
};

// ---------------------------------------------------------------- rows of the charts
const across = n => innerWidth < 700 ? 8 : n;  // columns that fit
const rowsOf = {
  time() {
    const n = sum(i => F[i] === state.force && T[i] === state.town && (state.outlet < 0 || O[i] === state.outlet), i => P[i], A);
    return D.periods.map((p, i) => ({period: p, articles: n.get(i) || 0, faded: !inTime(i), i}));
  },
  forces() {
    const keep = i => F[i] >= 0 && T[i] === state.town && here(i);
    const m = sum(keep, i => F[i], FM), a = sum(keep, i => F[i], A);
    return D.forces.map((f, i) => ({name: f.name, mentions: m.get(i) || 0, articles: a.get(i) || 0, faded: state.force >= 0 && state.force !== i, i}))
      .filter(r => r.mentions).sort((x, y) => y.mentions - x.mentions).slice(0, 15);
  },
  towns() {
    const keep = i => T[i] >= 0 && F[i] === state.force && here(i);
    const m = sum(keep, i => T[i], TM), a = sum(keep, i => T[i], A);
    return D.towns.map((t, i) => ({name: t.name, mentions: m.get(i) || 0, articles: a.get(i) || 0, longitude: t.longitude, latitude: t.latitude, faded: state.town >= 0 && state.town !== i, i}))
      .filter(r => r.mentions).sort((x, y) => y.mentions - x.mentions);
  },
  outlets() {
    const keep = i => F[i] === state.force && T[i] === state.town && inTime(P[i]) && O[i] >= 0;
    const a = sum(keep, i => O[i], A);
    return D.outlets.map((o, i) => ({name: o.name, mentions: a.get(i) || 0, articles: a.get(i) || 0, faded: state.outlet >= 0 && state.outlet !== i, i}))
      .filter(r => r.articles).sort((x, y) => y.articles - x.articles);
  },
  matrix() {
    const keep = i => F[i] >= 0 && T[i] >= 0 && F[i] < 12 && T[i] < across(20) && here(i) && (state.force < 0 || F[i] === state.force) && (state.town < 0 || T[i] === state.town);
    return [...sum(keep, i => F[i] * 1000 + T[i], A)].map(([k, n]) => ({force: D.forces[Math.floor(k / 1000)].name, town: D.towns[k % 1000].name, articles: n, f: Math.floor(k / 1000), t: k % 1000}))
      .sort((x, y) => x.f - y.f || x.t - y.t);
  },
  by_outlet() {
    const keep = i => F[i] >= 0 && T[i] === state.town && F[i] < 12 && O[i] >= 0 && O[i] < across(14) && here(i) && (state.force < 0 || F[i] === state.force);
    return [...sum(keep, i => F[i] * 1000 + O[i], A)].map(([k, n]) => ({force: D.forces[Math.floor(k / 1000)].name, outlet: D.outlets[k % 1000].name, articles: n, f: Math.floor(k / 1000), o: k % 1000}))
      .sort((x, y) => x.f - y.f || x.o - y.o);
  },
};
rowsOf.map = () => rowsOf.towns().filter(r => D.towns[r.i].on_map);
const towns20 = () => rowsOf.towns().slice(0, 20);

// ---------------------------------------------------------------- words that say what is shown
const within = (but = "") => {
  const said = [];
  if (state.force >= 0 && but !== "force") said.push(`articles that name ${D.forces[state.force].name}`);
  if (state.town >= 0 && but !== "town") said.push(`${said.length ? "and" : "articles that name"} ${D.towns[state.town].name}`);
  if (state.outlet >= 0 && but !== "outlet") said.push(`published by ${D.outlets[state.outlet].name}`);
  if ((state.from >= 0 || state.to >= 0) && but !== "time") said.push(`dated ${state.from >= 0 ? "from " + D.periods[state.from] : ""} ${state.to >= 0 ? "to " + D.periods[state.to] : ""}`.replace(/ +/g, " ").trim());
  return said.join(", ");
};
const OWN = {time: "time", forces: "force", towns: "town", map: "town", outlets: "outlet"};  // a panel shows all of its own kind, the chosen one full
const SCOPES = {
  time: "Articles by date of publication; undated ones are left out here.",
  forces: D.about.mentions_per_force,
  towns: D.about.mentions_per_town,
  map: "Towns named, by mentions, in the countries where nine tenths of the mentions are; the ten named most are written out." + (D.towns.some(t => !t.on_map) ? ` Not on the map: ${D.towns.filter(t => !t.on_map).slice(0, 8).map(t => t.name).join(", ")}.` : ""),
  outlets: "Articles by publishing outlet; those of unknown outlets are left out.",
  matrix: "Articles that name both, for the forces and towns named most.",
  by_outlet: "Articles of each outlet that name each force.",
};

// ---------------------------------------------------------------- tables
const table = (columns, rows, caption, nothing) => {
  if (!rows.length) return el("p", {className: "none", textContent: nothing || "Nothing here under these filters."});
  const t = el("table", {className: "stack"}, el("caption", {textContent: caption}),
    el("thead", {}, el("tr", {}, ...columns.map(c => el("th", {scope: "col", textContent: c[0]})))));
  const body = el("tbody");
  for (const r of rows) body.append(el("tr", {}, ...columns.map(([head, cell, cls]) => {
    const d = el("td", {className: cls || "", "data-of": head});
    const v = cell(r);
    d.append(v instanceof Node ? v : v == null ? "" : String(v));
    return d;
  })));
  t.append(body);
  return t;
};
const id = r => el("code", {textContent: r.row_id, title: "warwire explain " + r.row_id});
const s = D.scope;
const button = (n, kind, i, name) => el("button", {type: "button", textContent: num(n), "aria-label": `${name || ""} ${num(n)}: show rows`, onclick: () => behind(kind, i)});
const asTable = {
  forces: r => [["Force", r => r.name], ["Mentions", r => button(r.mentions, "force", r.i, r.name), "n"], ["Articles", r => num(r.articles), "n"]],
  towns: r => [["Town", r => r.name], ["Mentions", r => button(r.mentions, "town", r.i, r.name), "n"], ["Articles", r => num(r.articles), "n"]],
  map: r => [["Town", r => r.name], ["Mentions", r => button(r.mentions, "town", r.i), "n"]],
  outlets: r => [["Outlet", r => r.name], ["Articles", r => button(r.articles, "outlet", r.i, r.name), "n"]],
  time: r => [["Period", r => r.period], ["Articles", r => num(r.articles), "n"]],
  matrix: r => [["Force", r => r.force], ["Town", r => r.town], ["Articles", r => button(r.articles, "pair", [r.f, r.t], `${r.force}, ${r.town}`), "n"]],
  by_outlet: r => [["Force", r => r.force], ["Outlet", r => r.outlet], ["Articles", r => button(r.articles, "pair_outlet", [r.f, r.o], `${r.force}, ${r.outlet}`), "n"]],
};

function behind(kind, i) {
  const box = $("behind"), rows = box.querySelector(".rows");
  let what, found, command;
  const evidence = (k, key) => D.evidence.filter(e => e.kind === k && e.id === key);
  if (kind === "force") { const f = D.forces[i]; what = `${f.name}: newest rows of ${num(f.mentions)} mentions`; found = evidence("force", f.force_id); command = `warwire explain mentions_per_force ${f.force_id}`; }
  else if (kind === "town") { const t = D.towns[i]; what = `${t.name}: newest rows of ${num(t.mentions)} mentions`; found = evidence("town", t.place_id); command = `warwire explain mentions_per_town ${t.place_id}`; }
  else if (kind === "outlet") { const o = D.outlets[i]; what = `${o.name}: newest rows listed here of what it published`; found = D.evidence.filter(e => e.outlet === o.name).slice(0, 12); command = `warwire explain mentions_per_outlet ${o.outlet_id}`; }
  else if (kind === "pair_outlet") { const [f, o] = [D.forces[i[0]], D.outlets[i[1]]]; what = `${f.name} in ${o.name}: those among the newest rows held here`; found = evidence("force", f.force_id).filter(e => e.outlet === o.name); command = `warwire sql "select * from counted_mentions where entity_id = '${f.force_id}' and outlet_id = '${o.outlet_id}'"`; }
  else { const [f, t] = [D.forces[i[0]], D.towns[i[1]]], both = new Set(evidence("town", t.place_id).map(e => e.article_id)); what = `${f.name} and ${t.name} in one article: those among the newest rows held here`; found = evidence("force", f.force_id).filter(e => both.has(e.article_id)); command = `warwire sql "select * from counted_mentions where entity_id = '${f.force_id}' and article_id in (select article_id from counted_mentions where entity_id = '${t.place_id}')"`; }
  box.querySelector(".scope").replaceChildren(`${what}. All of them: `, el("code", {textContent: command}));
  const quote = r => r.before == null && r.after == null ? el("span", {}, `in the title: ${r.title || ""}`) : el("span", {}, "… " + (r.before || ""), el("mark", {textContent: r.surface}), (r.after || "") + " …");
  rows.replaceChildren(table([["Date", r => r.day || "undated", "n"], ["Outlet", r => r.outlet || "unknown"], ["Words", quote, "s"], ["Id for warwire explain", id]], found, "Whatever the filters above", "None of them is among the newest rows that this page holds; the command gives them all."));
  box.scrollIntoView({behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth"});
  box.focus({preventScroll: true});
}

// ---------------------------------------------------------------- rows that are told one by one
const partyWord = t => t === "belligerent" || t === "state_media";
const keepRow = (r, forces, places) =>
  (state.force < 0 || forces.includes(D.forces[state.force].force_id)) &&
  (state.town < 0 || places.includes(D.towns[state.town].place_id)) &&
  (state.outlet < 0 || r.outlet === D.outlets[state.outlet].name) &&
  ((state.from < 0 && state.to < 0) || (r.month && inTime(D.periods.indexOf(D.periods[0] && D.periods[0].includes("Q") ? r.month.slice(0, 5) + "Q" + Math.ceil(Number(r.month.slice(5)) / 3) : r.month)))) &&
  (!state.claim || (state.claim === "none" ? !r.claimant : state.claim === "party" ? partyWord(r.claimant_type) || r.status === "claimed" : r.claimant && !partyWord(r.claimant_type)));
const range = r => r.low != null && r.high != null ? (r.low === r.high ? num(r.low) : `${num(r.low)} to ${num(r.high)}`) : r.low != null ? `${num(r.low)} or more` : `${num(r.high)} or fewer`;
const force = fid => fid ? el("span", {}, el("span", {className: "dot", style: `background:${hue(fid)}`}), forceName(fid)) : "";
const word = r => r.claimant ? el("span", {}, r.claimant, partyWord(r.claimant_type) ? el("span", {className: "doubt"}, " (a party)") : null) : el("span", {className: "doubt"}, "not found");
const more = {figures: 25, control: 40, claims: 25}, order = {figures: "newest"};
const further = (name, n) => n > more[name] ? el("button", {type: "button", textContent: `Show ${num(Math.min(100, n - more[name]))} more`, onclick: () => { more[name] += 100; told[name]($(name)); }}) : "";
const sorter = name => el("p", {className: "note"}, "Order: ", ...["newest", "largest"].map(o => el("button", {type: "button", textContent: o, "aria-pressed": String(order[name] === o), onclick: () => { order[name] = o; told[name]($(name)); }})));
const held = (name, from) => { const days = D[name].map(r => r.day).filter(Boolean).sort(); return `None among the ${num(D[name].length)} rows that this page holds${days.length ? ` (${days[0]} to ${days[days.length - 1]})` : ""}. All there are: warwire sql "select * from ${from}"`; };
const precise = r => !r.day ? "undated" : r.date_precision === "year" ? r.day.slice(0, 4) : r.date_precision === "month" ? r.day.slice(0, 7) : r.day;
const HINT = "Choose a number in a table above, or a cell of a matrix: rows come here. A click on a bar or a circle sets a filter.";
const told = {
  figures(box) {
    const rows = D.figures.filter(r => keepRow(r, [r.force_id], [r.place_id]));
    if (order.figures === "largest") rows.sort((a, b) => (b.high ?? b.low) - (a.high ?? a.low));
    const doubt = rows.filter(r => r.others).length;
    box.querySelector(".scope").textContent = `${num(rows.length)} of the ${D.figures.length} figures about people that this page holds (of ${num(s.figures)}: the newest, the largest, and those that differ); each story counted once, a force filter asks whom it counts. ${doubt} differ from another report of the same place, day and measure, which need not be the same incident. A figure is as printed, never reconciled.`;
    box.querySelector(".rows").replaceChildren(sorter("figures"), table([
      ["Measure", r => r.measure], ["Range", range, "n"], ["Of", r => r.force_id ? force(r.force_id) : r.victim_group || ""], ["Where", r => r.place || ""], ["On whose word", word],
      ["Others say", r => r.others ? el("span", {className: "doubt"}, r.others) : "", "o"], ["Outlet, date", r => `${r.outlet || "unknown"}, ${r.day || "undated"}`], ["Sentence", r => r.sentence, "s"], ["Id", id]],
      rows.slice(0, more.figures), `${Math.min(more.figures, rows.length)} of ${num(rows.length)}`, held("figures", "figures")), further("figures", rows.length));
  },
  control(box) {
    const rows = D.control.filter(r => keepRow(r, [r.gained_by, r.lost_by], [r.place_id]));
    box.querySelector(".scope").textContent = `${D.about.control_timeline} The towns told of most; each story counted once. A day in italics is the article's own, where the sentence gives none; a month or a year is as precise as it is told.`;
    box.querySelector(".rows").replaceChildren(table([
      ["Town", r => r.place], ["Day", r => r.day_is_of_the_report ? el("i", {}, r.day || "undated") : precise(r), "n"], ["Gained by", r => force(r.gained_by)], ["Lost or left by", r => force(r.lost_by)],
      ["How sure", r => r.status === "asserted" ? "told as fact" : el("span", {className: "doubt"}, r.status)], ["On whose word", word], ["Sentence", r => r.sentence, "s"], ["Id", id]], rows.slice(0, more.control), `${Math.min(more.control, rows.length)} of ${num(rows.length)} tellings`, held("control", "control_timeline")), further("control", rows.length));
  },
  claims(box) {
    const rows = D.claims.filter(r => keepRow(r, [r.force_id, r.target_id], [r.place_id]));
    box.querySelector(".scope").textContent = `${num(rows.length)} of the newest of ${num(D.scope.events)} events told, newest first; each story counted once; a force filter asks who did it or to whom.`;
    box.querySelector(".rows").replaceChildren(table([
      ["Reported", r => r.day || "undated", "n"], ["Event", r => r.event_type.replaceAll("_", " ")], ["By", r => force(r.force_id)], ["Against", r => force(r.target_id)], ["Where", r => r.place || ""],
      ["How sure", r => r.status === "asserted" ? "told as fact" : el("span", {className: "doubt"}, r.status)], ["On whose word", word], ["Sentence", r => r.sentence, "s"], ["Id", id]], rows.slice(0, more.claims), `${Math.min(more.claims, rows.length)} of ${num(rows.length)}`, held("claims", "events")), further("claims", rows.length));
  },
};

// ---------------------------------------------------------------- what no filter changes
const dated = s.first ? `${s.first} to ${s.last}` : "undated";
$("headline").textContent = s.articles ? (D.forces.length ? `${D.forces[0].name} is mentioned most${D.towns.length ? `, and ${D.towns[0].name} of the towns` : ""}` : "No force is named") : "No articles yet";
$("lead").textContent = s.articles
  ? `${num(s.articles)} articles, ${dated}${s.undated ? ` and ${num(s.undated)} undated` : ""}; ${num(s.of_known_outlets)} of them by ${num(s.outlets)} known outlets. ${num(s.stories)} stories once copies are counted once. Everything below is what these articles say, not what is so; the headline and these tiles are about all of them, whatever the filters.`
  : "This warehouse holds no article. Read some with: warwire run FOLDER";
$("tiles").append(...[["articles", s.articles], ["stories, copies counted once", s.stories], ["forces named", s.forces], ["towns named", s.towns], ["figures", s.figures], ["figure pairs in conflict", s.conflicts], ["events told", s.events], ["quotations", s.quotes]]
  .map(([t, n]) => el("div", {className: "tile"}, el("b", {textContent: num(n)}), el("span", {textContent: t}))));
$("copies").querySelector(".scope").textContent = `${num(s.articles)} articles tell ${num(s.stories)} stories. The ones printed most; warwire explain ID shows which words they share.`;
$("copies").querySelector(".rows").append(table([["Story", r => r.title || "untitled", "s"], ["Articles", r => num(r.articles), "n"], ["Known outlets", r => num(r.outlets), "n"], ["Written by", r => r.written_by || "not known"], ["First", r => r.day || "undated", "n"], ["Id", id]], D.copies, `The ${D.copies.length} printed most`));
$("quality").querySelector(".scope").textContent = "What came in, what counts, and what is left open. Open names are the list for your own lexicon: warwire lexicon suggest.";
$("q-counts").append(table([["", r => r.what], ["Rows", r => num(r.n), "n"], ["Look at", r => el("code", {textContent: `select * from ${r.behind}`})]], D.quality, "Counts"));
$("q-names").append(table([["Name", r => r.name], ["Why open", r => r.problem], ["Articles", r => num(r.articles), "n"], ["Id", r => el("code", {textContent: r.example_id})]], D.unresolved, "Names nobody knew, or that could be several"));
$("foot").textContent = `warwire, snapshot ${s.snapshot}. The page holds all it shows and asks no network.`;

// ---------------------------------------------------------------- charts
clicks.forces = d => choose("force", d.i); clicks.towns = clicks.map = d => choose("town", d.i); clicks.outlets = d => choose("outlet", d.i);
clicks.time = d => { $("f-from").value = $("f-to").value = String(state.from === d.i && state.to === d.i ? -1 : d.i); read(); update(); };
clicks.matrix = d => behind("pair", [d.f, d.t]); clicks.by_outlet = d => behind("pair_outlet", [d.f, d.o]);
const dark = matchMedia("(prefers-color-scheme: dark)");
const config = () => {
  const ink = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim(), soft = getComputedStyle(document.documentElement).getPropertyValue("--soft").trim(), line = getComputedStyle(document.documentElement).getPropertyValue("--line").trim();
  return {background: "transparent", font: "system-ui, sans-serif", view: {stroke: null}, axis: {labelColor: ink, titleColor: soft, gridColor: line, domainColor: line, tickColor: line, labelFontSize: 12}, legend: {labelColor: ink, titleColor: soft}, text: {color: ink}, title: {color: ink}};
};
const heightOf = (name, rows) => D.specs[name].height.step ? Math.max(1, new Set(rows.map(r => r.name || r.force)).size) * D.specs[name].height.step : D.specs[name].height;
const rowsFor = name => (name === "towns" ? towns20() : rowsOf[name]()).map((r, rank) => ({...r, rank}));
async function draw() {
  for (const section of document.querySelectorAll("[data-chart]")) {
    const name = section.dataset.chart, box = section.querySelector(".chart");
    if (views[name]) views[name].finalize();
    const rows = rowsFor(name);
    if (!rows.length) { box.replaceChildren(el("p", {className: "none", textContent: "Nothing to draw."})); continue; }
    const spec = structuredClone(D.specs[name]);
    spec.datasets = {...spec.datasets, rows};
    spec.height = heightOf(name, rows);
    if (dark.matches && spec.encoding?.color?.scale?.scheme) spec.encoding.color.scale.reverse = false;  // on dark, many is bright
    spec.description = `${section.querySelector("h2").textContent}: a chart; the same numbers are in the table below it.`;
    const made = await vegaEmbed(box, spec, {mode: "vega-lite", actions: false, renderer: "svg", config: config(), loader: {load: () => Promise.reject(new Error("no network"))}});
    views[name] = made.view;
    made.view.addEventListener("click", (event, item) => { if (item && item.datum && clicks[name]) clicks[name](item.datum.datum || item.datum); });
  }
}
function update() {
  const said = within();
  const claims = state.claim ? ` Rows told ${$("f-claim").selectedOptions[0].textContent}.` : "";
  $("behind").querySelector(".rows").replaceChildren(); $("behind").querySelector(".scope").textContent = HINT;
  $("shown").textContent = said || claims ? `Showing ${said ? (said.startsWith("articles") ? said : "articles " + said) : "everything"}.${claims}` : "Showing everything. Charts and rows follow these filters; a click on a bar sets one.";
  for (const section of document.querySelectorAll("[data-chart]")) {
    const name = section.dataset.chart, rows = rowsFor(name);
    const inside = within(OWN[name]);
    section.querySelector(".scope").textContent = SCOPES[name] + (inside ? ` Counted in ${inside.startsWith("articles") ? inside : "articles " + inside}.` : "");
    if (views[name]) views[name].data("rows", rows).height(heightOf(name, rows)).resize().runAsync();
    let d = section.querySelector("details");
    if (!d) { d = el("details", {}, el("summary", {textContent: "The numbers, as a table"}), el("div", {className: "rows"})); section.append(d); d.addEventListener("toggle", () => fill(d, name)); }
    fill(d, name);
  }
  for (const name of Object.keys(told)) told[name]($(name));
}
const fill = (d, name) => { if (d.open) d.querySelector(".rows").replaceChildren(table(asTable[name](), rowsFor(name), SCOPES[name])); };
update();
window.ready = draw().then(() => { document.body.dataset.ready = "yes"; });
dark.addEventListener("change", draw);
})();
