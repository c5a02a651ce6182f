using System.Globalization;
using System.Text;

namespace SynthStudio.Bench.Quality;

/// <summary>
/// Results as a Markdown table: the mean over the seeds and half the range as spread. Times are processor time, which others on the machine disturb
/// least; the record has those by the clock too.
/// </summary>
internal static class QualityTable
{
    private static readonly (string Name, string Format, Func<QualityResult, double?> Value)[] Columns =
    [
        ("shape", "0.000", r => r.Shape),
        ("trend", "0.000", r => r.Trend),
        ("trend, shared bins", "0.000", r => r.TrendShared),
        ("QA", "0.000", r => r.QaAccuracy),
        ("C2ST AUC", "0.000", r => r.C2stAuc),
        ("TSTR", "0.000", r => r.Tstr),
        ("real gives", "0.000", r => r.Trtr),
        ("DCR share", "0.000", r => r.DcrShare),
        ("fit cpu s", "0.0", r => r.FitProcessorSeconds),
        ("rows/cpu s", "0", r => r.RowsPerProcessorSecond),
    ];

    public static string Of(QualityRecord record, List<string> tables, List<string> methods, List<long> seeds)
    {
        var text = new StringBuilder();
        text.Append(Machine.Describe()).Append("; seeds ").AppendJoin(", ", seeds).AppendLine("; mean ± half the range; processor time.").AppendLine();
        text.Append("| table | method | ").AppendJoin(" | ", Columns.Select(column => column.Name)).AppendLine(" |");
        text.Append("|---|---|").Insert(text.Length, "---|", Columns.Length).AppendLine();
        foreach (var table in tables)
        {
            foreach (var method in methods)
            {
                var results = record.Of(table, method, seeds);
                if (results.Count == 0) continue;
                text.Append("| ").Append(table).Append(" | `").Append(method).Append("` | ")
                    .AppendJoin(" | ", Columns.Select(column => Cell(results, column.Value, column.Format))).AppendLine(" |");
            }
        }

        return text.ToString();
    }

    private static string Cell(List<QualityResult> results, Func<QualityResult, double?> value, string format)
    {
        var values = results.Select(value).OfType<double>().ToList();
        if (values.Count == 0) return "";
        var mean = values.Average().ToString(format, CultureInfo.InvariantCulture);
        return values.Count == 1 ? mean : $"{mean} ± {((values.Max() - values.Min()) / 2).ToString(format, CultureInfo.InvariantCulture)}";
    }
}
