using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Autoregressive.Operations;

/// <summary>What a distribution over a column's cells says of its values.</summary>
internal sealed class CellPredictions
{
    private readonly CategoryCodec? category;
    private readonly NumericCodec? numeric;
    private readonly IReadOnlyList<double> quantiles;
    private readonly ValueNames names;

    /// <summary>By cell of an ordered column: the share of each place in the order.</summary>
    private readonly double[][]? places;

    /// <param name="column">Of categories or numbers.</param>
    /// <param name="quantiles">Levels, 0 to 1.</param>
    public CellPredictions(ColumnCodec column, IReadOnlyList<double> quantiles)
    {
        (category, numeric, this.quantiles) = (column as CategoryCodec, column as NumericCodec, quantiles);
        names = new ValueNames(category is not null ? category.Categories : Values(numeric!));
        if (IsOrdered(column)) places = Array.ConvertAll(numeric!.Cells, cell => names.Texts.Select((_, place) => cell.ShareOf(place, 1)).ToArray());
    }

    /// <param name="cells">By cell its probability.</param>
    public Prediction Of(ReadOnlySpan<float> cells)
    {
        if (category is not null)
        {
            return new Prediction
            {
                Categories = new ValueShares(names, First(cells, names.Texts.Count)),
                Missing = category.MissingCount > 0 ? cells[^1] : 0,
                Other = category.RareCell >= 0 ? cells[category.RareCell] : null,
            };
        }

        // Each cell is a mixture of spikes and uniform ranges; so is the column.
        var pieces = new List<NumericPiece>();
        for (var cell = 0; cell < numeric!.Cells.Length; cell++)
        {
            foreach (var piece in numeric.Cells[cell].Pieces) pieces.Add(piece with { Weight = piece.Weight * cells[cell] / numeric.Cells[cell].Count });
        }

        var mass = pieces.Sum(piece => piece.Weight);
        pieces.Sort((a, b) => (a.Low, a.High).CompareTo((b.Low, b.High)));
        return new Prediction
        {
            Categories = new ValueShares(names, places is null ? First(cells, names.Texts.Count) : OfPlaces(places, cells)),
            Missing = First(cells[numeric.Cells.Length..], cells.Length - numeric.Cells.Length).Sum(),
            Mean = mass > 0 && places is null ? pieces.Sum(piece => piece.Weight * (piece.Low + piece.High) / 2) / mass : null,
            Quantiles = mass > 0 ? [.. quantiles.Select(level => numeric.Grid.Snap(Quantile(pieces, level * mass)))] : [],
        };
    }

    /// <summary>The categories of an order, or the values of a column each of whose cells is one; else none.</summary>
    private static string[] Values(NumericCodec column)
    {
        if (IsOrdered(column)) return [.. column.Schema.Order!.Categories];
        if (!Array.TrueForAll(column.Cells, cell => cell.Pieces is [var only] && only.Low == only.High)) return [];
        var texts = Array.ConvertAll(column.Cells, cell => CellText.AsSpelled(column.Schema, cell.Pieces[0].Low)!);
        return texts.Distinct(StringComparer.Ordinal).Count() == texts.Length ? texts : [];
    }

    private static bool IsOrdered(ColumnCodec column) => column.Schema is { Kind: ColumnKind.Ordinal, Order: not null };

    private static double[] First(ReadOnlySpan<float> cells, int count)
    {
        var first = new double[count];
        for (var i = 0; i < count; i++) first[i] = cells[i];
        return first;
    }

    private static double[] OfPlaces(double[][] places, ReadOnlySpan<float> cells)
    {
        var shares = new double[places[0].Length];
        for (var cell = 0; cell < places.Length; cell++)
        {
            for (var place = 0; place < shares.Length; place++) shares[place] += cells[cell] * places[cell][place];
        }

        return shares;
    }

    private static double Quantile(List<NumericPiece> pieces, double mass)
    {
        foreach (var (low, high, weight) in pieces)
        {
            if (mass <= weight && weight > 0) return low + (high - low) * Math.Max(mass, 0) / weight;
            mass -= weight;
        }

        return pieces[^1].High;
    }
}
