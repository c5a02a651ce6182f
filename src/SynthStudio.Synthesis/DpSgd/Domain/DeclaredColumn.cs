using SynthStudio.Synthesis.Encoding;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.DpSgd.Domain;

/// <summary>
/// A column as its owner declared it: the bins that are measured, and the codec that follows from the noisy counts. Of the values it reads nothing but
/// which bin each row is in; what was not declared counts as <c>other</c> where that is declared, else as missing, else as the first bin.
/// </summary>
/// <param name="name">The column's.</param>
/// <param name="domain">Its declaration.</param>
internal sealed class DeclaredColumn(string name, ColumnDomain domain)
{
    private const string Other = "other";

    /// <summary>A value stands out when its noisy count is this many standard deviations above what the largest of the noise is expected to be …</summary>
    private const double Prominence = 3;

    /// <summary>… and holds this share of the rows.</summary>
    private const double LeastShare = 0.004;

    private const int MostAtoms = 16;

    /// <summary>Rows that a range or value is taken to have where the noisy counts say none: its center must have a meaning.</summary>
    private const double LeastWeight = 0.1;

    private readonly ColumnSchema schema = domain.Schema(name);
    private readonly NumericBins? bins = domain.Schema(name).IsNumeric ? new NumericBins(domain) : null;

    public string Name => name;

    /// <summary>The histograms that are measured, as numbers of bins; none for columns that are invented.</summary>
    public IReadOnlyList<int> Histograms => Categories is { } categories ? [categories.Count + Missing]
        : bins is null ? domain.Nullable ? [2] : []
        : bins.ByValue || bins.GridValues == 0 ? [bins.Count + Missing]
        : [bins.Count + Missing, bins.GridValues + Missing];

    private IReadOnlyList<string>? Categories => schema.Kind is ColumnKind.Categorical or ColumnKind.Boolean ? domain.Values : null;

    private int Missing => domain.Nullable ? 1 : 0;

    /// <summary>The bin of every row in each histogram.</summary>
    public IEnumerable<int[]> Bins(Column column)
    {
        if (Categories is { } categories) return [Coded((CodedColumn)column, categories)];
        if (bins is null)
            return domain.Nullable ? [[.. Enumerable.Range(0, column.Count).Select(row => column.IsMissing(row) ? 1 : 0)]] : [];
        var values = ((NumericColumn)column).Values;
        var coarse = Array.ConvertAll(values, v => double.IsNaN(v) ? bins.Count * Missing : bins.Of(v));
        return Histograms.Count == 1 ? [coarse] : [coarse, Array.ConvertAll(values, v => double.IsNaN(v) ? bins.GridValues * Missing : bins.GridIndex(v))];
    }

    /// <summary>The codec, whose counts are the noisy ones made consistent.</summary>
    /// <param name="noisy">By histogram.</param>
    /// <param name="sigma">Of their noise.</param>
    /// <param name="rows">Rows of the table, as declared or estimated.</param>
    public ColumnCodec Codec(IReadOnlyList<double[]> noisy, double sigma, double rows)
    {
        var counts = noisy.Count == 0 ? [rows] : NoisyCounts.Projected(noisy[0], rows);
        var missing = Missing == 1 ? Math.Max((long)Math.Round(counts[^1]), 1) : 0;
        if (Categories is { } categories)
            return new CategoryCodec(schema, [.. categories], [.. counts.Take(categories.Count).Select(c => (long)Math.Round(c))], 0, missing);
        if (bins is not null) return Numeric(counts, Atoms(noisy, sigma, rows), missing, sigma);
        var present = Math.Max((long)Math.Round(counts[0]), 1);
        return schema.Class is not null && (schema.Kind != ColumnKind.Identifier || Mock.FakeValues.CanBeUnique(schema.Class.Value))
            ? new FakeCodec(schema, "en", present, missing)
            : new IdentifierCodec(schema, [PositionAlphabets.Digits], "", 0, present, missing);
    }

    /// <summary>The cell of every row, as <see cref="ColumnCodec.Encode"/> gives it for declared values.</summary>
    public ushort[] Encode(ColumnCodec codec, Column column)
    {
        if (Categories is not { } categories) return codec.Encode(column);
        return Array.ConvertAll(Coded((CodedColumn)column, categories), bin => (ushort)bin);
    }

    private int[] Coded(CodedColumn column, IReadOnlyList<string> categories)
    {
        var binOf = categories.Select((text, bin) => (text, bin)).ToDictionary(c => c.text, c => c.bin, StringComparer.Ordinal);
        var missing = Missing == 1 ? categories.Count : 0;
        var other = binOf.GetValueOrDefault(Other, missing);
        var byCode = Array.ConvertAll(column.Values, text => binOf.GetValueOrDefault(text, other));
        return Array.ConvertAll(column.Codes, code => code == CodedColumn.Missing ? missing : byCode[code]);
    }

    /// <summary>Values of the grid that hold so many rows that noise cannot have made them, with their counts.</summary>
    private List<(double Value, double Count)> Atoms(IReadOnlyList<double[]> noisy, double sigma, double rows)
    {
        if (noisy.Count < 2) return [];
        var threshold = Math.Max(sigma * (Math.Sqrt(2 * Math.Log(bins!.GridValues)) + Prominence), LeastShare * rows);
        return [.. Enumerable.Range(0, bins.GridValues)
            .Where(i => noisy[1][i] > threshold)
            .OrderByDescending(i => noisy[1][i]).Take(MostAtoms).Order()
            .Select(i => (bins.GridValue(i), noisy[1][i]))];
    }

    private NumericCodec Numeric(double[] counts, List<(double Value, double Count)> atoms, long missing, double sigma)
    {
        var pieces = new List<NumericPiece>();
        for (var range = 0; range < bins!.Count; range++)
        {
            if (bins.ByValue)
            {
                pieces.Add(new NumericPiece(bins.GridValue(range), bins.GridValue(range), counts[range]));
                continue;
            }

            var inside = atoms.Where(atom => bins.Of(atom.Value) == range).ToList();
            var left = Math.Max(counts[range] - inside.Sum(atom => atom.Count), 0);
            var (low, high) = (bins.Edge(range), bins.Edge(range + 1));
            var cuts = inside.Select(atom => atom.Value).Prepend(low).Append(high).ToList();
            for (var i = 0; i + 1 < cuts.Count; i++)
            {
                if (i > 0) pieces.Add(new NumericPiece(cuts[i], cuts[i], inside[i - 1].Count));
                if (cuts[i + 1] > cuts[i]) pieces.Add(new NumericPiece(cuts[i], cuts[i + 1], left * (cuts[i + 1] - cuts[i]) / (high - low)));
            }
        }

        for (var i = 0; i < pieces.Count; i++) pieces[i] = pieces[i] with { Weight = Math.Max(pieces[i].Weight, LeastWeight) };
        return new NumericCodec(schema, [.. Cells(pieces, 2 * sigma)], bins.Grid, bins.Low, bins.High, missing);
    }

    /// <summary>Neighbouring ranges are gathered until they hold so many rows; values are cells of their own.</summary>
    private static IEnumerable<NumericCell> Cells(List<NumericPiece> pieces, double least)
    {
        var open = new List<NumericPiece>();
        foreach (var piece in pieces)
        {
            if (piece.Low == piece.High)
            {
                if (open.Count > 0) yield return Cell(open);
                yield return Cell([piece]);
                open = [];
                continue;
            }

            open.Add(piece);
            if (open.Sum(p => p.Weight) < least) continue;
            yield return Cell(open);
            open = [];
        }

        if (open.Count > 0) yield return Cell(open);
    }

    private static NumericCell Cell(List<NumericPiece> pieces) => new((long)Math.Round(pieces.Sum(piece => piece.Weight)), [.. pieces]);
}
