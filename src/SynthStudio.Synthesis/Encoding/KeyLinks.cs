using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// Columns of keys that mean the same persons or things, such as a customer's number and e-mail address, repeat together: the same rows share them. All
/// others repeat each on its own, however alike their numbers of rows are.
/// </summary>
internal static class KeyLinks
{
    /// <summary>A column that another one determines means the same when it has this share of its distinct values.</summary>
    private const double LeastShare = 0.9;

    /// <summary>The codecs, those that mean the same with the same repeats.</summary>
    /// <param name="codecs">Of the table's columns.</param>
    /// <param name="table">Rows that are learned.</param>
    public static ColumnCodec[] Of(ColumnCodec[] codecs, Table table)
    {
        var columns = codecs.Select(RepeatsOf).OfType<KeyRepeats>().Distinct()
            .Select(repeats => (Repeats: repeats, Column: (CodedColumn)table[repeats.Column!]))
            .Select(key => (key.Repeats, key.Column, Distinct: key.Column.Codes.Where(code => code != CodedColumn.Missing).Distinct().Count()))
            .OrderByDescending(key => key.Distinct).ToList();
        var roots = new List<(KeyRepeats Repeats, CodedColumn Column, int Distinct)>();
        var rootOf = new Dictionary<KeyRepeats, KeyRepeats>();
        foreach (var key in columns)
        {
            var root = roots.FindIndex(finer => key.Distinct >= LeastShare * finer.Distinct && Determines(finer.Column, key.Column));
            if (root < 0) roots.Add(key);
            else rootOf.Add(key.Repeats, roots[root].Repeats);
        }

        return Array.ConvertAll(codecs, codec => RepeatsOf(codec) is { } own && rootOf.TryGetValue(own, out var shared) ? With(codec, shared) : codec);
    }

    private static KeyRepeats? RepeatsOf(ColumnCodec codec) => codec switch
    {
        IdentifierCodec keys => keys.Repeats,
        FakeCodec fakes => fakes.Repeats,
        _ => null,
    };

    private static ColumnCodec With(ColumnCodec codec, KeyRepeats repeats) =>
        codec is FakeCodec fakes ? fakes.WithRepeats(repeats) : ((IdentifierCodec)codec).WithRepeats(repeats);

    /// <summary>Whether all rows with one value of a column have one value of the other, as far as they have both, which most must.</summary>
    private static bool Determines(CodedColumn finer, CodedColumn column)
    {
        var values = new int[finer.Values.Length];
        Array.Fill(values, CodedColumn.Missing);
        var (both, present) = (0, 0);
        for (var row = 0; row < column.Count; row++)
        {
            var (from, to) = (finer.Codes[row], column.Codes[row]);
            if (to == CodedColumn.Missing) continue;
            present++;
            if (from == CodedColumn.Missing) continue;
            both++;
            if (values[from] != CodedColumn.Missing && values[from] != to) return false;
            values[from] = to;
        }

        return 2 * both > present;
    }
}
