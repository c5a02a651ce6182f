using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.GraphicalModel;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Marginals;

/// <summary>
/// What the schema's rules exclude whatever the data say, as zeros of the model: combinations that are not listed, and pairs of ranges of which
/// the lower column's lies wholly above the higher one's. Free, since rules are public. Cells of missing values are never excluded.
/// </summary>
internal static class ImpossibleCells
{
    /// <summary>Rules over more cells than this are left to the checking of drawn rows.</summary>
    private const double MostCells = 1 << 20;

    /// <summary>The modelled columns that such rules speak of.</summary>
    public static HashSet<int> Columns(TableSchema schema, TableCodec codec) => [.. Rules(schema, codec).SelectMany(rule => rule.Columns)];

    /// <param name="schema">With its rules.</param>
    /// <param name="codec">The declared cells.</param>
    /// <param name="domain">Sizes; those of <see cref="Columns"/> as declared.</param>
    public static IReadOnlyList<StructuralZeros> Of(TableSchema schema, TableCodec codec, Domain domain)
    {
        var zeros = new List<StructuralZeros>();
        foreach (var (columns, possible) in Rules(schema, codec))
        {
            var clique = domain.Clique(columns);
            if (domain.Cells(clique) > MostCells) continue;
            var logarithms = new double[(int)domain.Cells(clique)];
            var shape = domain.Shape(clique);
            var cells = new int[columns.Length];
            for (var cell = 0; cell < logarithms.Length; cell++)
            {
                for (int i = clique.Count - 1, rest = cell; i >= 0; i--)
                {
                    cells[Array.IndexOf(columns, clique.Attributes[i])] = rest % shape[i];
                    rest /= shape[i];
                }

                logarithms[cell] = possible(cells) ? 0 : double.NegativeInfinity;
            }

            zeros.Add(new StructuralZeros(clique, logarithms));
        }

        return zeros;
    }

    /// <summary>The columns of each rule, and whether a combination of their cells is possible.</summary>
    private static IEnumerable<(int[] Columns, Func<int[], bool> Possible)> Rules(TableSchema schema, TableCodec codec)
    {
        foreach (var constraint in schema.Constraints)
        {
            var columns = constraint.Columns.Select(codec.ModelledIndexOf).ToArray();
            if (columns.Contains(-1)) continue;
            var codecs = columns.Select(c => codec.Columns[codec.Modelled[c]]).ToArray();
            if (constraint is FixedCombinationsConstraint { Allowed: { } allowed }) yield return (columns, Listed(codecs, allowed));
            else if (constraint is InequalityConstraint && codecs is [NumericCodec low, NumericCodec high]) yield return (columns, Ordered(low, high));
        }
    }

    private static Func<int[], bool> Listed(ColumnCodec[] codecs, IReadOnlyList<IReadOnlyList<string>> allowed)
    {
        var places = codecs
            .Select(codec => ((CategoryCodec)codec).Categories.Select((text, cell) => (text, cell)).ToDictionary(c => c.text, c => c.cell))
            .ToArray();
        var listed = allowed.Where(texts => texts.Zip(places).All(p => p.Second.ContainsKey(p.First)))
            .Select(texts => string.Join(',', texts.Zip(places, (text, cells) => cells[text]))).ToHashSet(StringComparer.Ordinal);
        return cells => cells.Zip(places).Any(c => c.First >= c.Second.Count) || listed.Contains(string.Join(',', cells));
    }

    private static Func<int[], bool> Ordered(NumericCodec low, NumericCodec high) => cells =>
        cells[0] >= low.Cells.Length || cells[1] >= high.Cells.Length
        || low.Cells[cells[0]].Pieces.Min(p => p.Low) <= high.Cells[cells[1]].Pieces.Max(p => p.High);
}
