using System.Globalization;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>Keeps the drawn rows that pass every check, until there are enough of them.</summary>
internal sealed class RowSelection(long rows, RowCheck[] checks, SeenKeys[] keys)
{
    /// <summary>So many draws a row at most, on average.</summary>
    private const long DrawsPerRow = 100;

    /// <summary>Of so many rows drawn one after the other a thousandth must be kept.</summary>
    private const long PatientDraws = 50_000, LeastKeptOfThem = 50;

    private readonly Dictionary<string, long> rejected = [];
    private long kept, drawn, windowDrawn, windowKept;

    /// <summary>Rows to ask of the model: of more than a number can say, as many as it can.</summary>
    public long MostDraws { get; } = checks.Length + keys.Length == 0 ? rows
        : rows > long.MaxValue / DrawsPerRow ? long.MaxValue
        : Math.Max(PatientDraws, rows * DrawsPerRow);

    public long Drawn => drawn;

    public bool IsComplete => kept == rows;

    /// <summary>Rows thrown away, by the first rule they broke.</summary>
    public IReadOnlyDictionary<string, long> Rejected => new Dictionary<string, long>(rejected);

    /// <summary>The rows of <paramref name="table"/> that pass, no more than are still wanted.</summary>
    /// <exception cref="SynthesisException">Hardly any row passes.</exception>
    public Table Keep(Table table)
    {
        var passes = PassesIn(table);
        var passing = new List<int>(table.RowCount);
        for (var row = 0; row < table.RowCount && !IsComplete; row++) if (passes(row)) passing.Add(row);
        return passing.Count == table.RowCount ? table : table.Take(passing.ToArray());
    }

    /// <summary>Whether a row (0-based) of <paramref name="table"/> is kept; each is asked for once.</summary>
    /// <remarks>Throws <see cref="SynthesisException"/> when hardly any row passes.</remarks>
    public Func<int, bool> PassesIn(Table table)
    {
        var broken = Array.ConvertAll(checks, check => check.BrokenIn(table));
        var isNew = Array.ConvertAll(keys, key => key.AddFrom(table));
        return row =>
        {
            if (windowDrawn == PatientDraws)
            {
                if (windowKept < LeastKeptOfThem) throw Unmet();
                (windowDrawn, windowKept) = (0, 0);
            }

            drawn++;
            windowDrawn++;
            if (FirstBroken(broken, isNew, row) is { } name)
            {
                rejected[name] = rejected.GetValueOrDefault(name) + 1;
                return false;
            }

            kept++;
            windowKept++;
            return true;
        };
    }

    /// <summary>The error that says which rules stood in the way.</summary>
    public SynthesisException Unmet()
    {
        var reasons = rejected.OrderByDescending(rule => rule.Value)
            .Select(rule => string.Create(CultureInfo.InvariantCulture, $"'{rule.Key}' {rule.Value:N0} times"));
        var most = rejected.OrderByDescending(rule => rule.Value).FirstOrDefault().Key;
        var asked = Array.Find(checks, check => check.Name == most)?.Asked;
        return new SynthesisException(
            asked is null ? SynthesisError.ConstraintsNotMet : SynthesisError.ImpossibleCondition,
            string.Create(CultureInfo.InvariantCulture, $"Only {kept:N0} of {rows:N0} rows that keep all constraints came in {drawn:N0} draws; rows broke ")
            + $"{string.Join(", ", reasons)}. Loosen these rules or ask for fewer rows"
            + (asked is null ? "." : $", or give the columns that '{asked}' is drawn with, too."),
            asked);
    }

    private string? FirstBroken(Func<int, bool>[] broken, Func<int, bool>[] isNew, int row)
    {
        for (var check = 0; check < broken.Length; check++)
        {
            if (broken[check](row)) return checks[check].Name;
        }

        for (var key = 0; key < keys.Length; key++)
        {
            if (!isNew[key](row)) return keys[key].Name;
        }

        return null;
    }
}
