/** Looks of the report: inline, readable on a phone, light and dark. */

export const style = `
:root{color-scheme:light dark;--ink:#14212c;--soft:#5a6772;--line:#d7dde3;--back:#f4f6f8;--card:#fff;--act:#0b5cad;--good:#1f7a4f;--bad:#b3352d;--k0:#c96a12;--k1:#1f6fc0;--k2:#8a5a2b;--k3:#6450c8;--k4:#2a8550;--k5:#b83d7c;--zone:#b58900;--true:#16a34a;--seen:#d6336c}
@media(prefers-color-scheme:dark){:root{--ink:#e8edf2;--soft:#9aa7b3;--line:#33404b;--back:#11181e;--card:#19232c;--act:#6db3ff;--good:#63c497;--bad:#ef8078;--k0:#f0a04b;--k1:#5aa9f0;--k2:#c69a6d;--k3:#9b8cf0;--k4:#6fc48b;--k5:#e07fae;--zone:#e6c229}}
*{box-sizing:border-box}html{-webkit-text-size-adjust:100%}
body{margin:0;font:15px/1.55 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif;color:var(--ink);background:var(--back)}
html:not([data-lang=en]) .en,html[data-lang=en] .zh{display:none}
main{max-width:1080px;margin:0 auto;padding:16px}
header{display:flex;gap:12px;justify-content:space-between;align-items:flex-start}
h1{font-size:1.35rem;line-height:1.3;margin:0}h2{font-size:1.1rem;margin:0 0 .7rem}h3{font-size:.98rem;margin:1rem 0 .4rem}
section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px;margin:14px 0;min-width:0}
.origin{font-weight:600;margin:.2rem 0 1.1rem;padding:.6rem .8rem;border-left:4px solid var(--k0);background:var(--card);border-radius:6px}
.soft,small{color:var(--soft)}.soft{margin:.5rem 0;font-size:.86rem}small{font-size:.78rem;font-weight:400}
td small,tbody th small{display:block;line-height:1.35}td small{white-space:normal;min-width:5.6em}h3 small{margin-left:.5em}
.good{color:var(--good)}.bad{color:var(--bad)}
.wide{overflow-x:auto;margin:0 -4px}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.38rem .55rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
td{white-space:nowrap}thead th{font-size:.8rem;color:var(--soft);font-weight:600;white-space:nowrap}tbody th{font-weight:600;min-width:6.5em}
tbody tr:last-child>*{border-bottom:0}
button{font:inherit;font-weight:600;flex:none;padding:.45rem .9rem;border:1px solid var(--line);border-radius:999px;background:var(--card);color:var(--act);cursor:pointer}
:focus-visible{outline:3px solid var(--act);outline-offset:2px}
details{margin-top:.8rem}summary{cursor:pointer;font-weight:600;padding:.3rem 0}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:0 24px}.pair>div{min-width:0}
.shade{display:inline-block;min-width:3.2em;padding:.05em .5em;border-radius:5px;text-align:center}
.shade.hit{background:color-mix(in srgb,var(--good) calc(var(--share)*38%),transparent)}
.shade.slip{background:color-mix(in srgb,var(--bad) calc(var(--share)*60%),transparent)}
.chart{width:100%;min-width:520px;height:auto;display:block}.chart text{font-size:12px;fill:var(--soft)}.chart .end{text-anchor:end}.chart line{stroke:var(--line)}
.k0{--own:var(--k0)}.k1{--own:var(--k1)}.k2{--own:var(--k2)}.k3{--own:var(--k3)}.k4{--own:var(--k4)}.k5{--own:var(--k5)}.chart rect{fill:var(--own)}
.legend{margin:.2rem 0 .6rem;display:flex;flex-wrap:wrap;gap:4px 16px;font-size:.88rem}.key::before{content:"";display:inline-block;width:14px;height:10px;margin-right:6px;border-radius:2px;background:var(--own);vertical-align:0}
.key.zone::before{background:none;border:2px solid var(--zone)}.key.true::before{background:none;border:2px solid var(--true)}.key.seen::before{background:none;border:2px dashed var(--seen)}
.cards{columns:27rem;column-gap:16px}
article{break-inside:avoid;margin:0 0 16px;border:1px solid var(--line);border-radius:10px;padding:12px;min-width:0}article h3{margin:0 0 .6rem;overflow-wrap:anywhere}
.tag{padding:.1em .5em;border-radius:5px;color:#fff;font-size:.85em;background:#b3352d}.missed .tag{background:#8a5c00}.other .tag{background:#3b5b8c}
figure{margin:0 0 10px}img{width:100%;height:auto;border-radius:6px;display:block;background:var(--line)}figcaption{color:var(--soft);font-size:.82rem;margin-top:3px}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem .7rem;margin:0;font-size:.9rem}dt{color:var(--soft);white-space:nowrap}dd{margin:0;overflow-wrap:anywhere}
code{font:12px ui-monospace,Consolas,monospace;overflow-wrap:anywhere}
@media(max-width:560px){main{padding:10px}section{padding:12px}th,td{padding:.35rem .4rem}body{font-size:14px}}
.aim{white-space:normal}thead small{display:block}
.reliability{max-width:300px}.reliability svg{width:100%;height:auto;display:block}.reliability text{font-size:11px;fill:var(--soft)}.reliability .end{text-anchor:end}
.frame{fill:none;stroke:var(--line)}.diagonal{stroke:var(--soft);stroke-dasharray:3 4}.curve polyline{fill:none;stroke:var(--own);stroke-width:2}.curve circle{fill:var(--own)}
@media print{button{display:none}body{background:#fff}section{break-inside:avoid}}`;

/** The only script: one switch of language, remembered nowhere. Without it the page is Chinese. */
export const script = `
const root=document.documentElement,button=document.querySelector('button');
button.addEventListener('click',()=>{const en=root.dataset.lang!=='en';root.dataset.lang=en?'en':'zh';root.lang=en?'en':'zh-CN';button.textContent=en?'中文':'English'});`;
