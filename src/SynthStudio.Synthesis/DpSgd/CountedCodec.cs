using SynthStudio.Synthesis.Encoding;

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>
/// A declared column's codec (<see cref="Private.DeclaredCodec"/>, which takes all cells for equally frequent) with
/// noisy counts of its cells.
/// </summary>
internal static class CountedCodec
{
    /// <summary>Rows that a range or value is taken to have where the noisy counts say none: its center must have a meaning.</summary>
    private const double LeastWeight = 0.1;

    /// <summary>The codec with counts. Ranges in which noise hides the rows are gathered with their neighbours; categories and single values stay.</summary>
    /// <param name="codec">As declared.</param>
    /// <param name="noisy">By cell.</param>
    /// <param name="deviation">Standard deviation of the noise in each.</param>
    /// <param name="rows">Rows of the table, as declared or estimated.</param>
    public static ColumnCodec Of(ColumnCodec codec, double[] noisy, double deviation, double rows)
    {
        var counts = Projected(noisy, rows);
        long Rows(int cell) => (long)Math.Round(counts[cell]);
        long Missing(bool canBe) => canBe ? Math.Max(Rows(counts.Length - 1), 1) : 0;
        return codec switch
        {
            CategoryCodec category => new CategoryCodec(
                category.Schema, category.Categories, [.. category.Categories.Select((_, cell) => Rows(cell))],
                0, Missing(category.MissingCount > 0)),
            NumericCodec numeric => new NumericCodec(
                numeric.Schema, [.. Gathered(numeric.Cells, counts, 2 * deviation)],
                numeric.Grid, numeric.Low, numeric.High, Missing(numeric.MissingCount > 0)),
            FakeCodec fake => new FakeCodec(fake.Schema, fake.Locale, Math.Max(Rows(0), 1), Missing(fake.MissingCount > 0), fake.Person),
            IdentifierCodec => new IdentifierCodec(
                codec.Schema, [PositionAlphabets.Digits], "", 0, Math.Max(Rows(0), 1), Missing(canBe: true)),
            _ => throw new ArgumentException($"No declared column has a codec of the kind {codec.GetType().Name}.", nameof(codec)),
        };
    }

    /// <summary>
    /// The nearest counts, in squares, that are not negative and have a given sum: what is taken from all alike, so that
    /// noise in empty cells goes.
    /// </summary>
    public static double[] Projected(double[] noisy, double total)
    {
        var descending = noisy.OrderDescending().ToArray();
        double sum = 0, taken = 0;
        for (var i = 0; i < descending.Length; i++)
        {
            sum += descending[i];
            var share = (sum - total) / (i + 1);
            if (descending[i] <= share) break;
            taken = share;
        }

        return Array.ConvertAll(noisy, count => Math.Max(count - taken, 0));
    }

    private static IEnumerable<NumericCell> Gathered(NumericCell[] cells, double[] counts, double least)
    {
        var open = new List<NumericPiece>();
        for (var cell = 0; cell < cells.Length; cell++)
        {
            var piece = cells[cell].Pieces[0] with { Weight = Math.Max(counts[cell], LeastWeight) };
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
