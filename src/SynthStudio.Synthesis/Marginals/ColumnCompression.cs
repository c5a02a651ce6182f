using SynthStudio.Synthesis.GraphicalModel;

namespace SynthStudio.Synthesis.Marginals;

/// <summary>
/// Merges the cells of a column whose noisy counts do not stand out of the noise into one, before anything is measured together with other
/// columns (McKenna, Miklau, Sheldon, Winning the NIST contest, arXiv:2108.04978, section 3). Undone when rows are drawn.
/// </summary>
internal sealed class ColumnCompression
{
    /// <summary>Standard deviations above which a count stands out.</summary>
    private const double Outstanding = 3;

    private readonly int[][] codes;

    private ColumnCompression(int[][] codes)
    {
        this.codes = codes;
        Domain = new Domain([.. codes.Select(code => code.Max() + 1)]);
    }

    /// <summary>Sizes after merging.</summary>
    public Domain Domain { get; }

    /// <summary>By column, by cell: the cell it became.</summary>
    public IReadOnlyList<int[]> Codes => codes;

    /// <summary>By the noisy counts of every column, which are all that is looked at.</summary>
    /// <param name="singles">One measurement a column, in order.</param>
    /// <param name="kept">By column, whether to leave it as it is: cells that rules speak of keep their meaning.</param>
    public static ColumnCompression Of(IReadOnlyList<Measurement> singles, Predicate<int> kept) =>
        new([.. singles.Select((single, column) => Merge(single, kept(column)))]);

    /// <summary>The one that <paramref name="codes"/> describe.</summary>
    public static ColumnCompression From(int[][] codes) => new(codes);

    /// <summary>The cells of a table, merged.</summary>
    public ushort[][] Apply(ushort[][] cells) => [.. cells.Select((column, c) => Array.ConvertAll(column, cell => (ushort)codes[c][cell]))];

    /// <summary>A column's measurement as one of merged cells.</summary>
    public Measurement Apply(Measurement single, int column)
    {
        var (counts, merged) = (new double[Domain[column]], new double[Domain[column]]);
        for (var cell = 0; cell < codes[column].Length; cell++)
        {
            counts[codes[column][cell]] += single.Counts[cell];
            merged[codes[column][cell]]++;
        }

        return new Measurement(Domain.Clique([column]), counts, single.Deviation) { Merged = merged };
    }

    private static int[] Merge(Measurement single, bool keep)
    {
        var outstanding = Array.ConvertAll(single.Counts, count => keep || count >= Outstanding * single.Deviation);
        if (outstanding.Count(stands => !stands) < 2) return [.. Enumerable.Range(0, single.Counts.Length)];
        var codes = new int[outstanding.Length];
        var next = 0;
        for (var cell = 0; cell < codes.Length; cell++) codes[cell] = outstanding[cell] ? next++ : -1;
        return Array.ConvertAll(codes, code => code < 0 ? next : code);
    }
}
