/** Looks of the site manager's page: one column, large enough for a thumb, light and dark. */

export const pageStyle = `
:root{color-scheme:light dark;--ink:#14212c;--soft:#5a6772;--line:#d7dde3;--back:#f4f6f8;--card:#fff;--act:#0b5cad}
@media(prefers-color-scheme:dark){:root{--ink:#e8edf2;--soft:#9aa7b3;--line:#33404b;--back:#11181e;--card:#19232c;--act:#6db3ff}}
*{box-sizing:border-box}body{margin:0;font:17px/1.55 system-ui,"Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;color:var(--ink);background:var(--back)}
main{max-width:640px;margin:0 auto;padding:16px}header{display:flex;justify-content:space-between;align-items:baseline;gap:12px}
header a{white-space:nowrap}h1{font-size:1.3rem;margin:.4rem 0}h2{font-size:1.05rem;margin:0 0 .6rem}h3{font-size:1rem;margin:1rem 0 .3rem}dl+figure,dl+p{margin-top:14px}section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px;margin:14px 0}
dl{display:grid;grid-template-columns:6.2rem 1fr;gap:.35rem .6rem;margin:0}dt{color:var(--soft)}dd{margin:0}
img{width:100%;height:auto;border-radius:8px;display:block}figure{margin:0 0 12px}figcaption,.soft{color:var(--soft);font-size:.88rem}
.due{color:#b3261e;font-weight:600}@media(prefers-color-scheme:dark){.due{color:#ff9b93}}
label{display:block;margin:.6rem 0 .2rem}input,textarea{width:100%;font:inherit;padding:.6rem;border:1px solid var(--line);border-radius:8px;background:var(--back);color:var(--ink)}
button{font:inherit;font-weight:600;width:100%;padding:.8rem;margin-top:.8rem;border:0;border-radius:10px;background:var(--act);color:#fff}
@media(prefers-color-scheme:dark){button{color:#04121f}}a{color:var(--act)}:focus-visible{outline:3px solid var(--act);outline-offset:2px}
details{border-top:1px solid var(--line);padding:.7rem 0}summary{font-weight:600;cursor:pointer}.note{padding:.8rem;border-radius:8px;border:1px solid var(--act)}.bad{border-color:#b3261e}li img{margin:.4rem 0;aspect-ratio:4/3;object-fit:cover;max-width:14rem}video{width:100%;border-radius:8px}.state{font-weight:600}.previews{display:grid;grid-template-columns:repeat(3,1fr);gap:8px;margin-top:8px}.previews img{aspect-ratio:4/3;object-fit:cover}button[disabled]{opacity:.6}ul{padding-left:1.2rem}`;
