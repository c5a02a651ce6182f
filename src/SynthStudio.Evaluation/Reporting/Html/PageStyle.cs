namespace SynthStudio.Evaluation.Reporting.Html;

/// <summary>The look of a page, on screen and on paper.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root{--ink:#1c2330;--soft:#5a6472;--line:#d8dde4;--paper:#fff;--real:#b9c2cf;--synthetic:#0b62c4;--good:#1a7f4b;--fair:#9a6700;--poor:#b3261e;--unknown:#5a6472}
        *{box-sizing:border-box}body{margin:0 auto;max-width:1080px;padding:24px;font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;color:var(--ink);background:var(--paper)}
        h1{font-size:25px;line-height:1.25;margin:0 0 6px}h2{font-size:20px;margin:40px 0 8px;border-bottom:1px solid var(--line);padding-bottom:4px}h3{font-size:16px;margin:22px 0 6px}
        p{margin:6px 0 10px;max-width:78ch}.soft,.interval,.none{color:var(--soft)}.interval{white-space:nowrap;font-size:.9em}
        nav{font-size:14px;margin:10px 0 0}nav a{margin-right:14px}a{color:#0b4fa0}a.term{text-decoration:underline dotted;color:inherit}
        .findings{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:12px;margin:16px 0}
        .finding{border:1px solid var(--line);border-left:6px solid var(--unknown);border-radius:6px;padding:10px 14px}.finding h3{margin:0;font-size:15px}.finding p{margin:4px 0 0;font-size:14px}
        .finding b{float:right;font-size:13px;text-transform:uppercase;letter-spacing:.04em}
        .good{border-left-color:var(--good)}.fair{border-left-color:var(--fair)}.poor{border-left-color:var(--poor)}
        .good b,td.good{color:var(--good)}.fair b,td.fair{color:var(--fair)}.poor b,td.poor{color:var(--poor)}td.good,td.poor,td.fair{font-weight:600}
        .notice{border:1px solid var(--fair);background:#fff8e6;border-radius:6px;padding:10px 14px;margin:14px 0}
        table{border-collapse:collapse;width:100%;font-size:14px;margin:8px 0}th,td{text-align:left;padding:4px 10px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}
        th{font-weight:600;color:var(--soft)}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.scroll{overflow-x:auto}
        .columns{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:14px}.card{border:1px solid var(--line);border-radius:6px;padding:8px 12px;break-inside:avoid}
        .card h4{margin:0;font-size:14px;overflow-wrap:anywhere}.card p{margin:0;font-size:13px;color:var(--soft)}
        svg{display:block;width:100%;height:auto}svg text{font:10px system-ui,sans-serif;fill:var(--soft)}
        .real{fill:var(--real)}.synthetic{fill:none;stroke:var(--synthetic);stroke-width:1.6}.holdout{fill:none;stroke:#8a94a3;stroke-width:1.6;stroke-dasharray:4 3}
        .frame{fill:none;stroke:var(--line)}.diagonal{stroke:var(--line)}svg.roc{max-width:330px}.row{display:flex;flex-wrap:wrap;gap:26px;align-items:flex-start}.row>*{flex:1 1 300px}
        .heats{display:grid;grid-template-columns:repeat(auto-fit,minmax(240px,1fr));gap:16px}figure{margin:0}figcaption{font-size:14px;color:var(--soft)}svg.heat{border:1px solid var(--line)}
        svg.rates{width:220px}.rates path{stroke-width:2}.axis{stroke:var(--line)}.attack{stroke:var(--synthetic);fill:var(--synthetic)}.control{stroke:#7b8594;fill:#7b8594}.baseline{stroke:#c9b458;fill:#c9b458}
        .c0{fill:none;stroke:#0b62c4}.c1{fill:none;stroke:#c25e00}.c2{fill:none;stroke:#1a7f4b}.c3{fill:none;stroke:#8b2fb0}.c4{fill:none;stroke:#b3261e}.c5{fill:none;stroke:#007b8a}.c6{fill:none;stroke:#6b5b00}.c7{fill:none;stroke:#444}
        .bar{display:inline-block;height:9px;background:var(--synthetic);border-radius:2px;vertical-align:middle}.swatch{display:inline-block;width:12px;height:12px;border-radius:2px;vertical-align:-1px;margin:0 4px 0 10px}
        details{margin:6px 0}summary{cursor:pointer}code{font-size:13px;overflow-wrap:anywhere}dt{font-weight:600;margin-top:10px}dd{margin:0 0 4px;max-width:86ch}dt:target,dt:target+dd{background:#fff3c4}
        @media print{body{max-width:none;padding:0;font-size:11pt}header{break-after:page}nav{display:none}h2,h3,h2+p,h3+p,dt,summary{break-after:avoid}dd{break-before:avoid}
        p,li,dd{orphans:3;widows:3}.finding,.card,tr,figure,svg{break-inside:avoid}.scroll{overflow:visible}svg.rates{width:110px}.bar{max-width:60px}details>*{display:block}details::details-content{content-visibility:visible;display:block}
        section:first-of-type h2{margin-top:0}a{color:inherit}a.term,a{text-decoration:none}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
        """;
}
